/** The sentences of the idle clock (page.md, section 7), in whole minutes; pure. */
import type { Idle, Session } from "../api/types";
import { texts } from "../texts";
import { warnBefore } from "../notices/stop-watch";
import { durationWords } from "../time/words";

export interface ClockWords {
  tone: "plain" | "warning";
  sentences: string[];
}

/** Reports come every minute: after three that did not come nothing is known any more. */
const SILENT_FOR = 210_000;

export function clockWordsOf(session: Session, now: number, warnMinutes = 5): ClockWords {
  const { idle, lifetime_ends_at: lifetime, max_lifetime: longest } = session;
  const state = stateOf(session, now, warnMinutes);
  const sentences = idleSentences(session, state, now);
  if (idle?.extended_until && Date.parse(idle.extended_until) > now) {
    sentences.push(texts.clock.until(idle.extended_until, now));
  }
  if (lifetime) {
    sentences.push(texts.clock.lifetime(lifetime, now, longest ? durationWords(longest) : ""));
  }
  return { tone: state === "warning" ? "warning" : "plain", sentences };
}

/** Whether the end is near changes with time alone, so the page reckons it. */
function stateOf(session: Session, now: number, warnMinutes: number): Idle["state"] {
  const { idle, idle_timeout: timeout } = session;
  if (!idle) return "unknown";
  const isDue = idle.ends_at && Date.parse(idle.ends_at) - now <= warnBefore(timeout, warnMinutes);
  if (idle.state === "counting" && isDue) return "warning";
  const isSilent = idle.reported_at && now - Date.parse(idle.reported_at) > SILENT_FOR;
  return isSilent && idle.state !== "never" ? "unknown" : idle.state;
}

function idleSentences(session: Session, state: Idle["state"], now: number): string[] {
  const { idle, idle_timeout: timeout } = session;
  const { clock: t } = texts;
  const use = timeout === -1 ? [] : [t.use(durationWords(timeout))];
  const held = idle?.held_by?.[0]?.sentence;
  const ends = idle?.ends_at;
  switch (state) {
    case "in-use":
      return [held ? t.inUseBy(held) : t.inUse, ...use];
    case "counting":
      return [ends ? t.stopsAt(ends, now) : t.unknownPlain, ...lastUse(idle)];
    case "warning":
      return [ends ? t.stopsIn(ends, now) : t.unknownPlain, ...lastUse(idle)];
    case "never":
      // What ends at a fixed time does not run for ever.
      return [
        ...(session.lifetime_ends_at ? [] : [t.never]),
        t.running(durationWords(gone(session.created_at, now), true)),
      ];
    default: {
      const heard = idle?.reported_at ?? idle?.since;
      const news = heard ? t.unknown(heard, now) : t.unknownPlain;
      return [news, ...(ends ? [t.stopsAt(ends, now)] : use)];
    }
  }
}

function lastUse(idle: Idle | null): string[] {
  const last = idle?.last;
  return last ? [texts.clock.lastUse(texts.clock.kinds[last.kind] ?? last.kind, last.at)] : [];
}

function gone(from: string, now: number): number {
  return (now - Date.parse(from)) / 1000;
}
