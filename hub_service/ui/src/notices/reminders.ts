/** What a visitor should hear of without having done it; pure. */
import type { Drive, Session } from "../api/types";
import { amountOf } from "../list/quantity";
import { isByOwner } from "../live/changes";
import { hasEnded, isLive } from "../live/fits";
import { endSentence } from "../status/end-sentence";
import { texts } from "../texts";
import { durationWords } from "../time/words";

const LONG = 12 * 3600;
const FULL = 0.9;
const LIFE_WARNING = 10 * 60_000;

export interface Reminder {
  /** What it is about: told once. */
  key: string;
  text: string;
  session: string | null;
  part: "story" | "overview";
}

type Known = ReadonlyMap<string, Session>;

/** Sessions that this tab saw alive and that ended without their owner's doing. */
export function endedReminders(
  before: Known,
  sessions: readonly Session[],
  { me, now }: { me: string; now: number },
): Reminder[] {
  return sessions
    .filter((session) => {
      const was = before.get(session.id);
      return was && isLive(was) && hasEnded(session) && session.owner === me && !isByOwner(session);
    })
    .map((session) => {
      const sentence = endSentence(session, now);
      const { reminders: t } = texts;
      const text = sentence ? t.ended(session.name, sentence) : t.endedPlain(session.name);
      return { key: `ended ${session.id}`, text, session: session.id, part: "story" };
    });
}

/** Sessions that run for long and have no end. */
export function longReminders(
  sessions: readonly Session[],
  { me, now }: { me: string; now: number },
): Reminder[] {
  return sessions.flatMap((session) => {
    const { id, owner, state, idle_timeout: timeout, lifetime_ends_at, ready_at, name } = session;
    if (owner !== me || state !== "running" || timeout !== -1 || lifetime_ends_at || !ready_at) {
      return [];
    }
    const seconds = (now - Date.parse(ready_at)) / 1000;
    if (seconds < LONG) return [];
    const text = texts.reminders.long(name, durationWords(seconds, true));
    return [{ key: `long ${id}`, text, session: id, part: "overview" as const }];
  });
}

/** Sessions whose longest life is nearly over. */
export function lifeReminders(
  sessions: readonly Session[],
  { me, now }: { me: string; now: number },
): Reminder[] {
  return sessions.flatMap(({ id, owner, state, lifetime_ends_at: end, name }) => {
    if (owner !== me || state !== "running" || !end) return [];
    if (Date.parse(end) - now > LIFE_WARNING) return [];
    const text = texts.reminders.life(name, end, now);
    return [{ key: `life ${id}`, text, session: id, part: "overview" as const }];
  });
}

/** Drives that are nearly full, where their use is known. */
export function driveReminders(drives: readonly Drive[], me: string): Reminder[] {
  return drives.flatMap(({ id, name, owner, used, size }) => {
    const [taken, whole] = [amountOf(used), amountOf(size)];
    if (owner !== me || taken === null || !whole || taken / whole < FULL) return [];
    const text = texts.reminders.drive(name, Math.floor((100 * taken) / whole));
    return [{ key: `drive ${id}`, text, session: null, part: "overview" as const }];
  });
}
