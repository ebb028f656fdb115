/** The calls behind the actions, each returning the session as it is now. */
import { call, newKey } from "../api/client";
import type { Clone, LaunchRequest, Session } from "../api/types";

export function createSession(request: LaunchRequest, idempotencyKey: string): Promise<Session> {
  return call<Session>("POST", "sessions", { body: request, idempotencyKey });
}

export function stopSession(id: string): Promise<Session> {
  return call<Session>("POST", `sessions/${id}/stop`, { body: {} });
}

export function restartSession(id: string): Promise<Session> {
  return call<Session>("POST", `sessions/${id}/restart`, { body: {}, idempotencyKey: newKey() });
}

/** 0 seconds take back that it is kept running. */
export type ExtendBody = { seconds: number } | { until: string };

export function extendSession(id: string, body: ExtendBody): Promise<Session> {
  return call<Session>("POST", `sessions/${id}/extend`, { body });
}

export function loadClone(id: string): Promise<Clone> {
  return call<Clone>("GET", `sessions/${id}/clone`);
}

/** Start again with something changed: what the clone form would send, at once. */
export async function restartWith(id: string, changes: Partial<LaunchRequest>): Promise<Session> {
  const { request } = await loadClone(id);
  return createSession({ ...request, ...changes, cloned_from: id }, newKey());
}

/** Change name or idle timeout; `version` is the one that was seen. */
export function patchSession(
  session: Pick<Session, "id" | "version">,
  change: { name?: string; idle_timeout?: number },
): Promise<Session> {
  return call<Session>("PATCH", `sessions/${session.id}`, {
    body: { ...change, version: session.version },
  });
}
