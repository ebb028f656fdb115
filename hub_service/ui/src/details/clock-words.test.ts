import { expect, test } from "vitest";

import type { Idle } from "../api/types";
import { makeSession } from "../testing/sessions";
import { clockWordsOf } from "./clock-words";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const say = (idle: Idle | null, timeout = 1800) =>
  clockWordsOf(makeSession({ idle, idle_timeout: timeout }), NOW).sentences.join(" ");

test("in use it says by what, and what happens after", () => {
  const held_by = [{ kind: "notebook", sentence: "kernel of train.ipynb is busy" }];
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
  expect(words).toMatch(
    /^Stops at \d\d:\d\d \(in 12 min\) unless it is used\. Last use: notebook, /,
  );
});

test("near the end it warns", () => {
  const idle: Idle = { state: "warning", ends_at: "2026-11-21T12:04:30Z" };
  expect(clockWordsOf(makeSession({ idle }), NOW)).toEqual({
    tone: "warning",
    sentences: ["Stops in 4 min."],
  });
});

test("without a timeout it says for how long it runs", () => {
  expect(say({ state: "never" }, -1)).toBe("Never stops by itself. Running for 1 h.");
});

test("without news it says since when", () => {
  expect(say(null)).toBe("No news from inside yet. It stops 30 min after the last use.");
});
