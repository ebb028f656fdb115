import { expect, test } from "vitest";

import { makeSession, stopped } from "../testing/sessions";
import { evidenceText, foldNews, NO_NEWS, settledStages, type StartNews } from "./start-news";

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

const [T0, T1, T2] = ["00", "01", "03"].map((second) => `2026-11-21T11:00:${second}.000Z`);
const begun = fold(
  ["stage", { name: "drive", state: "running", started_at: T0 }],
  ["stage", { name: "starting", state: "running", started_at: T1 }],
).stages;
const states = (session: Parameters<typeof settledStages>[1]) =>
  settledStages(begun, session).map(({ name, state, ended_at }) => [name, state, ended_at]);

test("a stage is over when the next one begins", () => {
  expect(states(makeSession({ state: "starting", status: "pending", ready_at: null }))).toEqual([
    ["drive", "done", T1],
    ["starting", "running", undefined],
  ]);
  expect(states(makeSession({ ready_at: T2 ?? null })).at(-1)).toEqual(["starting", "done", T2]);
});

test("the stage at which a start ended is the one that failed, or was cancelled", () => {
  const ended = { ...stopped(makeSession({ ready_at: null })), ended_at: T2 ?? null };
  expect(states(ended).at(-1)).toEqual(["starting", "cancelled", T2]);
  const failed = { ...ended, state: "failed", status: "failed" } as const;
  expect(states(failed)).toEqual([
    ["drive", "done", T1],
    ["starting", "failed", T2],
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

test("an event that comes again is the same one, and the newest stands last", () => {
  const news = fold(
    ["pod-event", { reason: "Pulling", message: "image", count: 1 }],
    ["pod-event", { reason: "BackOff", message: "image", count: 1 }],
    ["pod-event", { reason: "Pulling", message: "image", count: 2 }],
  );
  expect(news.events.map(({ reason, count }) => [reason, count])).toEqual([
    ["BackOff", 1],
    ["Pulling", 2],
  ]);
});

test("a container is shown as it was seen last, in its place", () => {
  const news = fold(
    ["container", { name: "notebook", state: "waiting", reason: "ContainerCreating" }],
    ["container", { name: "proxy", state: "running" }],
    ["container", { name: "notebook", state: "running", ready: true }],
  );
  expect(news.containers.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "notebook running",
    "proxy running",
  ]);
  expect(evidenceText(news)).toBe("notebook  running\nproxy  running");
});
