/** The sentences of the idle clock (page.md, section 7), in whole minutes; pure. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { durationWords } from "../time/words";

export interface ClockWords {
  tone: "plain" | "warning";
  sentences: string[];
}

export function clockWordsOf(session: Session, now: number): ClockWords {
  const { idle, idle_timeout: timeout, lifetime_ends_at: lifetime } = session;
  const sentences = idle ? idleSentences(session, now) : [texts.clock.unknownPlain];
  if (idle?.extended_until && Date.parse(idle.extended_until) > now) {
    sentences.push(texts.clock.until(idle.extended_until, now));
  }
  if (lifetime) sentences.push(texts.clock.lifetime(lifetime, now));
  if ((idle?.state ?? "unknown") === "unknown" && timeout !== -1) {
    sentences.push(texts.clock.use(durationWords(timeout)));
  }
  return { tone: idle?.state === "warning" ? "warning" : "plain", sentences };
}

function idleSentences({ idle, idle_timeout: timeout, ...session }: Session, now: number) {
  const { clock: t } = texts;
  const use = timeout === -1 ? [] : [t.use(durationWords(timeout))];
  const held = idle?.held_by?.[0]?.sentence;
  const ends = idle?.ends_at;
  switch (idle?.state) {
    case "in-use":
      return [held ? t.inUseBy(held) : t.inUse, ...use];
    case "counting":
      return [ends ? t.stopsAt(ends, now) : t.unknownPlain, ...lastUse(idle.last)];
    case "warning":
      return [ends ? t.stopsIn(ends, now) : t.unknownPlain, ...lastUse(idle.last)];
    case "never":
      return [t.never, t.running(durationWords(gone(session.created_at, now), true))];
    default:
      return [idle?.since ? t.unknown(idle.since) : t.unknownPlain];
  }
}

function lastUse(last: { kind: string; at: string } | null | undefined): string[] {
  return last ? [texts.clock.lastUse(texts.clock.kinds[last.kind] ?? last.kind, last.at)] : [];
}

function gone(from: string, now: number): number {
  return (now - Date.parse(from)) / 1000;
}
