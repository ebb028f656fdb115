import { describe, expect, test, vi } from "vitest";

import {
  agoWords,
  clockWords,
  dateWords,
  durationWords,
  exactWords,
  inOwnZone,
  leftWords,
  momentWords,
  newDayWords,
  shortSeconds,
} from "./words";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const after = (seconds: number) => before(-seconds);

describe("durations", () => {
  test.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [900, "15 min"],
    [3600, "1 h"],
    [8100, "2 h 15 min"],
    [86_400, "24 h"],
    [50 * 3600, "2 days 2 h"],
    [3 * 86_400, "3 days"],
    [-5, "0 s"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });

  test("the smaller unit can be left out", () => {
    expect(durationWords(8100, true)).toBe("2 h");
    expect(durationWords(50 * 3600, true)).toBe("2 days");
  });

  test("a start is told in tenths of a second, up to a minute", () => {
    expect(shortSeconds(1340)).toBe("1.3 s");
    expect(shortSeconds(90_000)).toBe("1 min");
  });
});

describe("moments", () => {
  test.each([
    [0, "just now"],
    [23, "20 s ago"],
    [300, "5 min ago"],
    [7500, "2 h ago"],
  ])("%d seconds ago is %s", (seconds, words) => {
    expect(agoWords(before(seconds), NOW)).toBe(words);
  });

  test("after a day it is date and time", () => {
    expect(agoWords(before(2 * 86_400), NOW)).toMatch(/^19 Nov \d\d:\d\d$/);
  });

  test("another year is named", () => {
    expect(dateWords(Date.parse("2025-01-05T10:00:00Z"), NOW)).toMatch(/^5 Jan 2025 /);
  });

  test("a day is named where it is another one than before", () => {
    const [yesterday, earlier] = [NOW - 86_400_000, NOW - 86_460_000];
    expect(newDayWords(yesterday, NOW, NOW)).toBe("20 Nov");
    expect(newDayWords(yesterday, earlier, NOW)).toBe("");
    expect(newDayWords(NOW, yesterday, NOW)).toBe("today");
  });

  test("what is left is told in whole minutes", () => {
    expect(leftWords(after(49), NOW)).toBe("less than a minute");
    expect(leftWords(after(779), NOW)).toBe("13 min");
  });
});

test("times that a sentence of the service names are said in the visitor's zone", () => {
  const at = (iso: string) => ({ text: "09:32 UTC", at: iso });
  const sentence = "It stopped at 09:32 UTC.";
  expect(inOwnZone(sentence, [at("2026-11-21T09:32:00Z")], NOW)).toBe("It stopped at 09:32.");
  expect(inOwnZone(sentence, [at("2026-11-20T09:32:00Z")], NOW)).toBe(
    "It stopped at 20 Nov 09:32.",
  );
  expect(inOwnZone(sentence, [], NOW)).toBe(sentence);
});

test("words that are said every second make no formatter", () => {
  const made = vi.spyOn(Intl, "DateTimeFormat");
  const iso = "2025-03-01T10:00:07.123Z";
  expect(exactWords(iso)).toBe("1 Mar 2025, 10:00:07 UTC · 2025-03-01 10:00:07 UTC");
  expect([clockWords(NOW), clockWords(NOW, true)]).toEqual(["12:00", "12:00:00"]);
  expect(dateWords(Date.parse(iso), NOW)).toBe("1 Mar 2025 10:00");
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
});

test("a moment of today is said by the clock alone, another with its day", () => {
  const at = (iso: string) => momentWords(Date.parse(iso), NOW);
  expect(at("2026-11-21T23:05:00Z")).toBe("23:05");
  expect(at("2026-11-22T00:05:00Z")).toBe("tomorrow 00:05");
});
