/** What the drives are, and what a new one can be, kept up to date by news and every 30 s. */
import { useQuery } from "@tanstack/react-query";

import { getUnlessUnchanged } from "../api/client";
import { drivesQuery } from "../api/queries";
import { isWorthRetrying, patience } from "../api/retry";
import type { DriveOptions } from "../api/schemas";
import { boot } from "../boot/boot";
import { keys } from "../live/cache";
import { useLive } from "../live/Live";

/** An owner's drives, or with `isDeleted` those that can be restored. */
export function useDriveList(owner: string, isDeleted = false) {
  const { state } = useLive();
  const query = new URLSearchParams({
    ...(owner === boot.me.name ? {} : { owner }),
    ...(isDeleted ? { deleted: "true" } : {}),
  }).toString();
  return useQuery({
    ...drivesQuery(query),
    staleTime: 5000,
    refetchInterval: state === "paused" ? false : 30_000,
    refetchOnWindowFocus: state !== "paused",
    retry: isWorthRetrying,
    retryDelay: patience,
  });
}

/** It changes with the drives, so it is asked for again with them. */
export function useDriveOptions() {
  return useQuery({
    queryKey: [...keys.drives, "options"],
    queryFn: ({ signal }) => getUnlessUnchanged<DriveOptions>("drives/options", signal),
    staleTime: 30_000,
    retry: isWorthRetrying,
    retryDelay: patience,
  });
}
