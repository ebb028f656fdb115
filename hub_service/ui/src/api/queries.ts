/** What the form and the filters choose from. */
import { useQuery } from "@tanstack/react-query";

import { boot } from "../boot/boot";
import { keys } from "../live/cache";
import { ApiError, getUnlessUnchanged } from "./client";
import type { Drive, Environment, Limits } from "./types";

interface Listed<T> {
  items: T[];
}

export function useEnvironments(enabled = true) {
  return useQuery({
    queryKey: keys.environments,
    queryFn: ({ signal }) =>
      getUnlessUnchanged<Listed<Environment>>("environments", signal).then(({ items }) => items),
    ...(boot.environments ? { initialData: boot.environments } : {}),
    staleTime: 60_000,
    enabled,
  });
}

export function useDrives(enabled = true) {
  return useQuery({
    queryKey: keys.drives,
    queryFn: ({ signal }) =>
      getUnlessUnchanged<Listed<Drive>>("drives", signal).then(({ items }) => items),
    staleTime: 30_000,
    enabled,
  });
}

export function useLimits() {
  return useQuery({
    queryKey: keys.limits,
    queryFn: ({ signal }) => getUnlessUnchanged<Limits>("limits", signal),
    staleTime: 30_000,
  });
}

/** What may be attached to a session, by the name of its route; none where there is no such route. */
export function useOffered<T>(route: string, enabled = true) {
  return useQuery({
    queryKey: ["offered", route],
    queryFn: async ({ signal }) => {
      try {
        return (await getUnlessUnchanged<Listed<T>>(route, signal)).items;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
    staleTime: 60_000,
    enabled,
  });
}
