import { expect, test } from "vitest";

import { evidenceText, foldNews, NO_NEWS, type StartNews } from "./start-news";

const fold = (...events: [string, unknown][]): StartNews =>
  events.reduce((news, [type, data]) => foldNews(news, type, data), NO_NEWS);

test("a stage told twice is one stage, with what is newer", () => {
  const news = fold(
    ["stage", { name: "created", state: "running" }],
    ["stage", { name: "starting", state: "running" }],
    ["stage", { name: "created", state: "done" }],
  );
  expect(news.stages.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "created done",
    "starting running",
  ]);
});

test("the last lines are the newest tail", () => {
  expect(fold(["lines", { lines: ["a"] }], ["lines", { lines: ["a", "b"] }]).lines).toEqual([
    "a",
    "b",
  ]);
});

test("what cannot be read changes nothing", () => {
  expect(fold(["stage", null], ["unknown", {}], ["lines", { lines: 3 }])).toEqual(NO_NEWS);
});

test("the evidence is plain text", () => {
  const news = fold(
    ["stage", { name: "starting", state: "failed", message: "no such program" }],
    ["pod-event", { at: "2026-11-21T11:00:00Z", reason: "Failed", message: "gone" }],
    ["lines", { lines: ["Traceback"] }],
  );
  expect(evidenceText(news)).toBe(
    "failed  starting  no such program\n2026-11-21T11:00:00Z  Failed  gone\nTraceback",
  );
});
