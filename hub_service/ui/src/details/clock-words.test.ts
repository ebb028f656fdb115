import { expect, test } from "vitest";

import type { Idle, Session } from "../api/types";
import { makeSession } from "../testing/sessions";
import { clockWordsOf } from "./clock-words";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const wordsOf = (change: Partial<Session>) =>
  clockWordsOf(makeSession(change), NOW).sentences.join(" ");
const say = (idle: Idle | null, timeout = 1800) => wordsOf({ idle, idle_timeout: timeout });

test("in use it says by what, and what happens after", () => {
  const held_by = [{ kind: "notebook", sentence: "The kernel of train.ipynb is busy." }];
  expect(say({ state: "in-use", held_by })).toBe(
    "In use now: kernel of train.ipynb is busy. It stops 30 min after the last use.",
  );
});

test("counting it says when it stops and what was last", () => {
  const words = say({
    state: "counting",
    ends_at: "2026-11-21T12:12:20Z",
    last: { kind: "notebook", at: "2026-11-21T11:42:20Z" },
  });
  expect(words).toBe("Stops at 12:12 (in 12 min) unless it is used. Last use: notebook, 11:42.");
});

test("near the end it warns, as early as was chosen and at most a third of the timeout", () => {
  const idle: Idle = { state: "counting", ends_at: "2026-11-21T12:04:30Z" };
  expect(clockWordsOf(makeSession({ idle }), NOW)).toEqual({
    tone: "warning",
    sentences: ["Stops in 5 min."],
  });
  const short = makeSession({ idle, idle_timeout: 600 });
  expect(clockWordsOf(short, NOW).tone).toBe("plain");
  const later: Idle = { state: "counting", ends_at: "2026-11-21T12:08:00Z" };
  expect(clockWordsOf(makeSession({ idle: later }), NOW, 10).tone).toBe("warning");
});

test("without a timeout it says for how long it runs", () => {
  expect(say({ state: "never" }, -1)).toBe("Never stops by itself. Running for 1 h.");
  const old = { created_at: "2026-11-18T11:00:00Z", idle_timeout: -1 };
  expect(wordsOf({ ...old, idle: { state: "never" } })).toBe(
    "Never stops by itself. Running for 3 days.",
  );
});

test("the longest life ends it whatever happens", () => {
  const words = wordsOf({
    idle: { state: "in-use", held_by: [] },
    lifetime_ends_at: "2026-11-21T23:05:00Z",
    max_lifetime: 43_200,
  });
  expect(words).toBe(
    "In use now. It stops 30 min after the last use. " +
      "Stops at 23:05 whatever happens: longest life 12 h.",
  );
});

test("what ends at a fixed time is not said to run for ever", () => {
  const words = wordsOf({
    idle: { state: "never" },
    idle_timeout: -1,
    lifetime_ends_at: "2026-11-21T23:05:00Z",
    max_lifetime: 43_200,
  });
  expect(words).toBe("Running for 1 h. Stops at 23:05 whatever happens: longest life 12 h.");
});

test("without news it says since when, and what happens all the same", () => {
  expect(say(null)).toBe("No news from inside yet. It stops 30 min after the last use.");
  const silent: Idle = { state: "in-use", reported_at: "2026-11-21T11:50:00Z" };
  expect(say(silent)).toBe("No news from inside since 11:50. It stops 30 min after the last use.");
  const heard: Idle = { state: "in-use", reported_at: "2026-11-21T11:58:00Z" };
  expect(say(heard)).toMatch(/^In use now\./);
});

test("what was kept longer says until when", () => {
  const idle: Idle = {
    state: "counting",
    ends_at: "2026-11-21T13:00:00Z",
    extended_until: "2026-11-21T13:00:00Z",
  };
  expect(say(idle)).toBe("Stops at 13:00 (in 1 h) unless it is used. Kept running until 13:00.");
});
