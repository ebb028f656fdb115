/** The visitor's own sessions, whichever list is shown: for what has to be told in time. */
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { getUnlessUnchanged } from "../api/client";
import { isWorthRetrying, patience } from "../api/retry";
import type { Session, SessionPage } from "../api/types";
import { keys } from "../live/cache";
import type { Rows } from "../live/rows";
import { takePage } from "../list/useRows";
import { useNotices } from "../ui/Notices";

const TAB = "active";
const QUERY = "tab=active&sort=ends_at&limit=100";

/** Loaded once, then kept up to date by news as every list is; `refetch` asks again. */
export function useWatched() {
  const client = useQueryClient();
  const { announce } = useNotices();
  return useQuery({
    queryKey: keys.list(TAB, QUERY),
    queryFn: async ({ signal }) => {
      const page = await getUnlessUnchanged<SessionPage>(`sessions?${QUERY}`, signal);
      return takePage(client, { tab: TAB, apiQuery: QUERY, page, signal, announce });
    },
    select: sessionsOf,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: isWorthRetrying,
    retryDelay: patience,
  });
}

function sessionsOf({ items, waiting }: Rows): Session[] {
  return [...items, ...waiting];
}
