/** Times and durations in words (page.md, section 19); every function is pure. */
// The catalogue uses these functions and they use it, both only when they are called.
import { texts } from "../texts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making a formatter costs a hundred times what using one does, and words are said often.
const DAY_AND_MONTH = { day: "numeric", month: "short" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;
const shortDay = new Intl.DateTimeFormat("en-GB", DAY_AND_MONTH);
const longDay = new Intl.DateTimeFormat("en-GB", { ...DAY_AND_MONTH, year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", CLOCK);
const clockWithSeconds = new Intl.DateTimeFormat("en-GB", { ...CLOCK, second: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", {
  ...DAY_AND_MONTH,
  ...CLOCK,
  year: "numeric",
  second: "2-digit",
  timeZoneName: "short",
});

/** "20 s", "15 min", "2 h 15 min", "2 days 2 h"; `coarse` leaves the smaller unit out. */
export function durationWords(seconds: number, coarse = false): string {
  const whole = Math.max(0, Math.round(seconds));
  const { time: t } = texts;
  if (whole < 60) return t.seconds(whole);
  if (whole < 3600) return t.minutes(Math.floor(whole / 60));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const [larger, smaller] =
    hours < 48
      ? [t.hours(hours), minutes > 0 && t.minutes(minutes)]
      : [t.days(Math.floor(hours / 24)), hours % 24 > 0 && t.hours(hours % 24)];
  return smaller && !coarse ? `${larger} ${smaller}` : larger;
}

/** A stage's time with a tenth of a second: "0.4 s", above a minute in words. */
export function shortSeconds(milliseconds: number): string {
  if (milliseconds >= 60_000) return durationWords(milliseconds / 1000);
  return texts.time.seconds((Math.max(0, milliseconds) / 1000).toFixed(1));
}

/** "20 s ago" for a day, then date and time. */
export function agoWords(iso: string, now: number): string {
  const at = Date.parse(iso);
  const gone = now - at;
  const { time: t } = texts;
  if (gone < 5000) return t.justNow;
  if (gone < MINUTE) return t.ago(t.seconds(Math.floor(gone / 5000) * 5));
  if (gone < DAY) return t.ago(durationWords(Math.floor(gone / 1000), true));
  return dateWords(at, now);
}

/** "today 11:05", "14 Nov 11:05", with the year when it is another one. */
export function dateWords(at: number, now: number): string {
  return `${dayWords(at, now)} ${clockWords(at)}`;
}

/** "11:05" of today, else with the day. */
export function momentWords(at: number, now: number): string {
  return isSameDay(at, now) ? clockWords(at) : dateWords(at, now);
}

/** "today", "tomorrow", "14 Nov", with the year when it is another one. */
function dayWords(at: number, now: number): string {
  if (isSameDay(at, now)) return texts.time.today;
  if (isSameDay(at, now + DAY)) return texts.time.tomorrow;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? shortDay : longDay).format(at);
}

/** The day of `at` when it is another one than that of `before`, else nothing. */
export function newDayWords(at: number, before: number, now: number): string {
  return isSameDay(at, before) ? "" : dayWords(at, now);
}

/** "14:02", or "14:02:10" with seconds. */
export function clockWords(at: number, seconds = false): string {
  return (seconds ? clockWithSeconds : clock).format(at);
}

/** The exact time with zone, and the same in UTC, for tooltips. */
export function exactWords(iso: string): string {
  const local = exact.format(Date.parse(iso));
  return `${local} · ${iso.replace(/\.\d+/, "").replace("T", " ").replace("Z", " UTC")}`;
}

/** Say the moments that a sentence of the service names in UTC in the visitor's own zone. */
export function inOwnZone(
  sentence: string,
  times: readonly { text: string; at: string }[],
  now: number,
): string {
  return times.reduce(
    (words, { text, at }) => words.replaceAll(text, momentWords(Date.parse(at), now)),
    sentence,
  );
}

const LEAST_LEFT = 50_000;

/** "in 12 min", in whole minutes, and "in less than a minute". */
export function leftWords(iso: string, now: number): string {
  const left = Date.parse(iso) - now;
  return left < LEAST_LEFT
    ? texts.time.lessThanMinute
    : durationWords(Math.round(left / MINUTE) * 60);
}

function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
