/** Which sessions stop soon for want of use, and when that has to be said; pure. */
import type { Session } from "../api/types";

export const WARN_MINUTES = [5, 10, 30] as const;
export const LAST_MINUTE = 60_000;

export interface Due {
  id: string;
  name: string;
  /** When it stops, in milliseconds. */
  endsAt: number;
  /** Told a second time, one minute before the end. */
  isLast: boolean;
}

/** How long before the end it is told: as the visitor chose, a third of the timeout at most. */
export function warnBefore(timeout: number, minutes: number): number {
  return Math.min(minutes * 60_000, (timeout * 1000) / 3);
}

/** Return the end that is warned of; null for one that does not stop for want of use. */
export function warnedEnd({ state, idle, expires_at: end }: Session): number | null {
  if (state !== "running" || !idle?.ends_at) return null;
  const endsAt = Date.parse(idle.ends_at);
  // Before that its longest life is over, which more time does not help.
  return end && Date.parse(end) < endsAt ? null : endsAt;
}

/**
 * The sessions of `owner` that stop soon, the next one first. `let` are ends that the visitor lets
 * happen: use or more time makes another end of them.
 */
export function dueSessions(
  sessions: readonly Session[],
  { owner, now, minutes, let: left }: Watch,
): Due[] {
  return sessions
    .flatMap((session) => {
      const endsAt = warnedEnd(session);
      if (endsAt === null || session.owner !== owner || endsAt <= now) return [];
      if (endsAt - now > warnBefore(session.idle_timeout, minutes)) return [];
      const { id, name } = session;
      return left.has(endKey(id, endsAt))
        ? []
        : [{ id, name, endsAt, isLast: endsAt - now <= LAST_MINUTE }];
    })
    .toSorted((a, b) => a.endsAt - b.endsAt);
}

export interface Watch {
  owner: string;
  now: number;
  minutes: number;
  let: ReadonlySet<string>;
}

export function endKey(id: string, endsAt: number): string {
  return `${id} ${endsAt}`;
}

/** What an alert says is said again when another session joins, and in the last minute. */
export function alertKey(due: readonly Due[]): string {
  return due.map(({ id, endsAt, isLast }) => `${id} ${endsAt} ${isLast}`).join(", ");
}

/** When the next warning begins, in milliseconds; null if none is in sight. */
export function nextWarning(
  sessions: readonly Session[],
  { owner, now, minutes }: Omit<Watch, "let">,
): number | null {
  const moments = sessions
    .filter((session) => session.owner === owner)
    .flatMap((session) => {
      const endsAt = warnedEnd(session);
      if (endsAt === null) return [];
      return [endsAt - warnBefore(session.idle_timeout, minutes), endsAt - LAST_MINUTE];
    })
    .filter((at) => at > now);
  return moments.length > 0 ? Math.min(...moments) : null;
}
