/** Which sessions could be stopped to make room; pure. */
import type { Session } from "../api/types";
import { hasEnded } from "../live/fits";

const MOST = 3;

/** The three that were used least recently. */
export function leastUsed(sessions: readonly Session[]): Session[] {
  return sessions
    .filter((session) => !isLeaving(session) && session.allowed.stop === true)
    .toSorted((a, b) => lastUse(a).localeCompare(lastUse(b)))
    .slice(0, MOST);
}

/** Whether it makes room by itself. */
export function isLeaving(session: Session): boolean {
  return session.state === "stopping" || hasEnded(session);
}

function lastUse(session: Session): string {
  return session.idle?.last?.at ?? session.created_at;
}
