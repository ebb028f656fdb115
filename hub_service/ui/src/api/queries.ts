/** What the form and the filters choose from. */
import { useQuery } from "@tanstack/react-query";

import { boot } from "../boot/boot";
import { keys } from "../live/cache";
import { getUnlessUnchanged } from "./client";
import { isWorthRetrying } from "./retry";
import type { BillingProject, Drive, Environment, Limits } from "./types";

interface Listed<T> {
  items: T[];
}

export function useEnvironments() {
  return useQuery({
    queryKey: keys.environments,
    queryFn: ({ signal }) =>
      getUnlessUnchanged<Listed<Environment>>("environments", signal).then(({ items }) => items),
    ...(boot.environments ? { initialData: boot.environments } : {}),
    staleTime: 60_000,
  });
}

/** The query for one's own drives, or for what the parameters name. */
export function drivesQuery(parameters = "") {
  return {
    queryKey: parameters ? [...keys.drives, parameters] : keys.drives,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      getUnlessUnchanged<Listed<Drive>>(
        parameters ? `drives?${parameters}` : "drives",
        signal,
      ).then(({ items }) => items),
  };
}

export function useDrives() {
  return useQuery({
    ...drivesQuery(),
    staleTime: 30_000,
  });
}

/** One's own; with `all` also those of everybody whose sessions the visitor may see. */
export function useBillingProjects(enabled: boolean, all = false) {
  return useOffered<BillingProject>(`billing-projects${all ? "?owner=*" : ""}`, enabled);
}

export function useLimits() {
  return useQuery({
    queryKey: keys.limits,
    queryFn: ({ signal }) => getUnlessUnchanged<Limits>("limits", signal),
    staleTime: 30_000,
  });
}

/** What may be attached to a session, by the name of its route. */
export function useOffered<T>(route: string, enabled = true) {
  return useQuery({
    queryKey: ["offered", route],
    queryFn: ({ signal }) =>
      getUnlessUnchanged<Listed<T>>(route, signal).then(({ items }) => items),
    staleTime: 60_000,
    retry: isWorthRetrying,
    enabled,
  });
}
