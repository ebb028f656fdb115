/** News into the query cache: lists, single sessions, and which ones this page started. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { DEFAULT_LIMIT, parseListQuery } from "../url/list-query";
import type { Tab } from "../url/routes";
import { fits, hasEnded, isPending } from "./fits";
import { isAttended } from "./attention";
import { newerOf, patchRows, removeFromRows, type Rows } from "./rows";

export const keys = {
  list: (tab: Tab, query: string) => ["list", tab, query] as const,
  count: (tab: Tab, query: string) => ["count", tab, query] as const,
  session: (id: string) => ["session", id] as const,
  chronicle: (id: string) => ["chronicle", id] as const,
  parents: (id: string) => ["parents", id] as const,
  conflict: (id: string) => ["conflict", id] as const,
  limits: ["limits"] as const,
  drives: ["drives"] as const,
  environments: ["environments"] as const,
  mine: ["mine"] as const,
};

/** Take in a session from an event or from the answer of a call. */
export function takeSession(client: QueryClient, session: Session, isMine = false): void {
  if (isMine) {
    client.setQueryData<string[]>(keys.mine, (ids = []) => [...new Set([...ids, session.id])]);
  }
  const mine = isMine || isOurs(client, session.id);
  const attended = isAttended();
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: ["list"] })) {
    if (!rows) continue;
    const { tab, query, search } = listOf(key);
    const next = patchRows(rows, session, {
      tab,
      fits: fits(session, tab, query, boot.me),
      isFirstPage: !search.has("cursor"),
      mine,
      attended,
      most: Number(search.get("limit")) || DEFAULT_LIMIT,
    });
    if (next !== rows) client.setQueryData<Rows>(key, next);
  }
  client.setQueryData<Session>(keys.session(session.id), (known) =>
    known && newerOf(known, session) === known ? known : withCounted(session, known),
  );
  noteEnds([session]);
  settleMine(client, [session]);
}

/** The mark of what this page started shows for some seconds, and while it is getting ready. */
const MARKED_FOR = 6000;
const settling = new Set<string>();

/** Started sessions that are ready, or not to be, are marked a moment longer and never again. */
export function settleMine(client: QueryClient, sessions: readonly Session[]): void {
  for (const session of sessions) {
    if (isPending(session) || settling.has(session.id) || !isOurs(client, session.id)) continue;
    settling.add(session.id);
    setTimeout(() => {
      settling.delete(session.id);
      client.setQueryData<string[]>(keys.mine, (ids = []) => ids.filter((id) => id !== session.id));
    }, MARKED_FOR);
  }
}

export function dropSession(client: QueryClient, id: string): void {
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: ["list"] })) {
    if (rows) client.setQueryData<Rows>(key, removeFromRows(rows, id));
  }
  void client.invalidateQueries({ queryKey: keys.session(id) });
}

/** Only `GET sessions/{id}` tells what the clock counts; news without it keep what is known. */
function withCounted(session: Session, known: Session | undefined): Session {
  const { counted, reported_at } = known?.idle ?? {};
  if (!session.idle || session.idle.counted || !counted) return session;
  return { ...session, idle: { ...session.idle, counted, reported_at: reported_at ?? null } };
}

const waiting = new Map<string, (session: Session) => void>();

/** Call back once, when the session is known to have ended. */
export function onceEnded(id: string, callback: (session: Session) => void): void {
  waiting.set(id, callback);
}

export function noteEnds(sessions: Session[]): void {
  for (const session of sessions) {
    const callback = hasEnded(session) ? waiting.get(session.id) : undefined;
    waiting.delete(callback ? session.id : "");
    callback?.(session);
  }
}

/** Whether this page started the session. */
function isOurs(client: QueryClient, id: string): boolean {
  return client.getQueryData<string[]>(keys.mine)?.includes(id) ?? false;
}

/** Return a session as it was last heard of, from whatever list or answer the page has. */
export function knownSession(client: QueryClient, id: string): Session | undefined {
  const isIt = (session: Session) => session.id === id;
  let newest = client.getQueryData<Session>(keys.session(id));
  for (const [, rows] of client.getQueriesData<Rows>({ queryKey: ["list"] })) {
    const found = rows?.items.find(isIt) ?? rows?.waiting.find(isIt);
    if (found) newest = newerOf(newest, found);
  }
  return newest;
}

function listOf(key: QueryKey) {
  const search = new URLSearchParams(key[2] as string);
  return { tab: key[1] as Tab, query: parseListQuery(search.toString()), search };
}
