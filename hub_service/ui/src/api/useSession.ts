/** One session: what the page knows of it at once, then the service's answer, then news. */
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { keys, knownSession } from "../live/cache";
import { isUnderWay } from "../live/fits";
import { useLive } from "../live/Live";
import { newerOf } from "../live/rows";
import { ApiError, getUnlessUnchanged } from "./client";
import { isWorthRetrying, patience } from "./retry";
import type { Session } from "./types";

export function useSession(id: string) {
  const client = useQueryClient();
  const { state } = useLive();
  return useQuery<Session>({
    queryKey: keys.session(id),
    queryFn: async ({ signal }) => {
      const loaded = await getUnlessUnchanged<Session>(`sessions/${id}`, signal);
      return newerOf(client.getQueryData<Session>(keys.session(id)), loaded);
    },
    placeholderData: () => knownSession(client, id),
    refetchInterval: ({ state: { data } }) => {
      if (state === "paused") return false;
      return state !== "live" && data && isUnderWay(data) ? 5000 : 30_000;
    },
    retry: isWorthRetrying,
    retryDelay: patience,
  });
}

export function isMissing(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}
