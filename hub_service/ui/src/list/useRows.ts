/** The rows of a tab: the boot block first, then `GET sessions`, kept up to date by news. */
import { useQuery, useQueryClient, type QueryClient, type QueryState } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import { getUnlessUnchanged } from "../api/client";
import { isWorthRetrying, patience } from "../api/retry";
import type { SessionPage } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { isAttended } from "../live/attention";
import { keys, noteEnds, settleMine } from "../live/cache";
import type { Announce } from "../live/changes";
import { heard, useLive } from "../live/Live";
import { announceChanges } from "../live/news";
import { isNewsMissed, leftRows, refreshRows, rowsOf, settleRows, type Rows } from "../live/rows";
import { useNotices } from "../ui/Notices";
import { isSameApiQuery } from "../url/list-query";
import type { Tab } from "../url/routes";
import { refreshIn } from "./refresh";

const bootedAt = serverNow();

export function useRows(tab: Tab, apiQuery: string) {
  const client = useQueryClient();
  const { state, doubt } = useLive();
  const { announce } = useNotices();
  const query = useQuery({
    queryKey: keys.list(tab, apiQuery),
    queryFn: async ({ signal }) => {
      const page = await getUnlessUnchanged<SessionPage>(`sessions?${apiQuery}`, signal);
      const old = client.getQueryData<Rows>(keys.list(tab, apiQuery));
      if (state === "live" && isNewsMissed(old, page)) doubt();
      return takePage(client, { tab, apiQuery, page, signal, announce });
    },
    initialData: () => bootRows(apiQuery),
    initialDataUpdatedAt: bootedAt,
    // Another page or filter of the same tab: the rows stay until the new ones are there.
    placeholderData: (rows, before) => (before?.queryKey[1] === tab ? rows : undefined),
    refetchInterval: ({ state: known }) => refreshIn(state, known.data, ageOf(known)),
    retry: isWorthRetrying,
    retryDelay: patience,
  });
  useEffect(
    () => () => {
      client.setQueryData<Rows>(keys.list(tab, apiQuery), (rows) => rows && settleRows(rows, tab));
    },
    [client, tab, apiQuery],
  );
  useEffect(() => {
    keepFew(client);
  }, [client, apiQuery]);
  const settle = useCallback(() => {
    client.setQueryData<Rows>(keys.list(tab, apiQuery), (rows) => rows && settleRows(rows, tab));
  }, [client, tab, apiQuery]);
  const { refetch } = query;
  // A cut stream may mean that nobody answers any more: known at once, not 30 s later.
  useEffect(() => {
    if (state !== "lost") return;
    const timer = window.setTimeout(() => void refetch(), 1000 + 1000 * Math.random());
    return () => {
      window.clearTimeout(timer);
    };
  }, [state, refetch]);
  const reload = useCallback(() => {
    settle();
    void refetch();
  }, [settle, refetch]);
  return { ...query, settle, reload };
}

const MOST_PAGES = 10;

/** Forget the pages that were seen longest ago; the one that is shown stays. */
function keepFew(client: QueryClient): void {
  const seen = client.getQueryCache().findAll({ queryKey: ["list"], type: "inactive" });
  const oldestFirst = seen.sort((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt);
  for (const query of oldestFirst.slice(0, Math.max(0, seen.length + 1 - MOST_PAGES))) {
    client.removeQueries({ queryKey: query.queryKey, exact: true });
  }
}

/** Since the service last answered, with rows or with a refusal. */
function ageOf({ data, errorUpdatedAt, fetchStatus }: QueryState<Rows>): number {
  if (fetchStatus !== "idle") return 0;
  const sinceRows = data ? serverNow() - data.at : Infinity;
  return Math.max(0, Math.min(sinceRows, Date.now() - errorUpdatedAt));
}

function bootRows(apiQuery: string): Rows | undefined {
  if (!boot.sessions || serverNow() - bootedAt > 30_000) return undefined;
  return isSameApiQuery(boot.query, apiQuery) ? rowsOf(boot.sessions, bootedAt) : undefined;
}

interface Loaded {
  tab: Tab;
  apiQuery: string;
  page: SessionPage;
  signal: AbortSignal;
}

/** Take in a page that was loaded: what it no longer has tells how it ended. */
export async function takePage(
  client: QueryClient,
  { announce, ...loaded }: Loaded & { announce: Announce },
) {
  const { tab, apiQuery, page } = loaded;
  const ended = await loadEnded(client, loaded);
  heard();
  announceChanges(client, [...page.items, ...ended], announce);
  noteEnds(ended);
  settleMine(client, page.items);
  const old = client.getQueryData<Rows>(keys.list(tab, apiQuery));
  return refreshRows(old, page, { tab, at: serverNow(), attended: isAttended(), ended });
}

/** When rows left the Active tab without an event, one call tells how they ended. */
async function loadEnded(client: QueryClient, { tab, apiQuery, page, signal }: Loaded) {
  const old = client.getQueryData<Rows>(keys.list(tab, apiQuery));
  if (tab !== "active" || !old || leftRows(old, page).length === 0) return [];
  const query = new URLSearchParams(apiQuery);
  for (const name of ["state", "cursor"]) query.delete(name);
  query.set("tab", "history");
  query.set("sort", "-ended_at");
  query.set("limit", "100");
  const answer = await getUnlessUnchanged<SessionPage>(`sessions?${query.toString()}`, signal);
  return answer.items;
}

/** How many sessions a tab has for these filters, without loading them. */
export function useCount(tab: Tab, apiQuery: string, enabled = true) {
  const counted = new URLSearchParams(apiQuery);
  counted.delete("cursor");
  counted.set("limit", "0");
  const query = counted.toString();
  return useQuery({
    queryKey: keys.count(tab, query),
    queryFn: ({ signal }) => getUnlessUnchanged<SessionPage>(`sessions?${query}`, signal),
    enabled,
    staleTime: 60_000,
    retry: isWorthRetrying,
  });
}
