/** Until when a session can be kept running: one hour, four, or the end of the working day; pure. */
import { texts } from "../texts";
import { clockWords, durationWords, momentWords } from "../time/words";

export interface KeepChoice {
  label: string;
  note: string;
  /** Why it cannot be chosen. */
  reason?: string;
  /** What the call says. */
  body: { seconds: number } | { until: string };
}

const HOURS = [1, 4];
const END_OF_DAY = 18;
const TOO_SOON = 300_000;

/** `max` is how far ahead it can be kept, in seconds, null for any time. */
export function keepChoices(now: number, max: number | null): KeepChoice[] {
  const beyond = (at: number) => max !== null && at > now + 1000 * max;
  const reason = max === null ? "" : texts.clock.keepLimit(durationWords(max));
  const choices = HOURS.map((hours) => ({
    label: durationWords(3600 * hours),
    at: now + 3_600_000 * hours,
    body: { seconds: 3600 * hours },
  }));
  const evening = endOfDay(now);
  return [
    ...choices,
    {
      label: clockWords(evening),
      at: evening,
      body: { until: new Date(evening).toISOString() },
    },
  ].map(({ at, ...choice }) => ({
    ...choice,
    note: texts.details.keepUntil(momentWords(at, now)),
    ...(beyond(at) ? { reason } : {}),
  }));
}

/** The next 18:00 of the visitor's own day. */
function endOfDay(now: number): number {
  const evening = new Date(now);
  evening.setHours(END_OF_DAY, 0, 0, 0);
  if (evening.getTime() - now < TOO_SOON) evening.setDate(evening.getDate() + 1);
  return evening.getTime();
}
