/** What the form and the filters choose from. */
import { useQuery } from "@tanstack/react-query";

import { boot } from "../boot/boot";
import { keys } from "../live/cache";
import { getUnlessUnchanged } from "./client";
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
