/** News of the stream into the query cache: a burst of them with one rendering. */
import { notifyManager, type QueryClient } from "@tanstack/react-query";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { dropSession, keys, knownSession, takeSession } from "./cache";
import { announceChange, changeOf, type Announce } from "./changes";
import { newerOf } from "./rows";

export function takeNews(
  client: QueryClient,
  type: string,
  data: unknown,
  announce: Announce,
): void {
  if (type === "session" && isSession(data)) queue(client, data, announce);
  else if (type === "removed") remove(client, (data as { id: string }).id);
  else if (type === "limits") askAgain(client, keys.limits, 200);
  else if (type === "drive") askAgain(client, keys.drives, 200);
  else if (type === "reset" || type === "signed-out") void client.invalidateQueries();
}

const queued = new Map<string, Session>();

/** Take in a burst of events with one rendering: the newest of each session, 50 ms later. */
function queue(client: QueryClient, session: Session, announce: Announce): void {
  if (queued.size === 0) {
    window.setTimeout(() => {
      takeQueued(client, announce);
    }, 50);
  }
  queued.set(session.id, newerOf(queued.get(session.id), session));
}

function takeQueued(client: QueryClient, announce: Announce): void {
  const sessions = [...queued.values()];
  queued.clear();
  let isMoved = false;
  notifyManager.batch(() => {
    for (const session of sessions) {
      const before = knownSession(client, session.id);
      isMoved ||= before?.state !== session.state;
      takeSession(client, session);
      announceChange(changeOf(before, session, boot.me.name), session, announce);
    }
  });
  // The tabs' counts; news of an idle clock changes none.
  if (isMoved) askAgain(client, ["count"], 1500);
}

/** Tell how sessions that a refresh brings changed since they were last heard of. */
export function announceChanges(
  client: QueryClient,
  sessions: readonly Session[],
  announce: Announce,
): void {
  for (const session of sessions) {
    const before = knownSession(client, session.id);
    announceChange(changeOf(before, session, boot.me.name), session, announce);
  }
}

/** What was heard of it before and still waits would bring it back. */
function remove(client: QueryClient, id: string): void {
  queued.delete(id);
  dropSession(client, id);
}

const asking = new Set<string>();

/** Ask for these again, once for a burst of events. */
function askAgain(client: QueryClient, queryKey: readonly string[], wait: number): void {
  const name = queryKey.join();
  if (asking.has(name)) return;
  asking.add(name);
  window.setTimeout(() => {
    asking.delete(name);
    void client.invalidateQueries({ queryKey });
  }, wait);
}

function isSession(data: unknown): data is Session {
  return typeof data === "object" && data !== null && "id" in data && "revision" in data;
}
