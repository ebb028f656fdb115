import { expect, test } from "vitest";

import { makeSession, stopped } from "../testing/sessions";
import { announceChange, changeOf } from "./changes";

const running = makeSession();
const starting = makeSession({ state: "starting", status: "pending", ready_at: null });

test("that one's own session is ready is told", () => {
  expect(changeOf(starting, running, "anna")).toBe("ready");
  expect(changeOf(starting, starting, "anna")).toBeNull();
  expect(changeOf(running, running, "anna")).toBeNull();
});

test("that one's own session was stopped is told, before it was ready too", () => {
  expect(changeOf(running, stopped(running), "anna")).toBe("stopped");
  expect(changeOf({ ...running, state: "stopping" }, stopped(running), "anna")).toBe("stopped");
  expect(changeOf(starting, stopped(starting), "anna")).toBe("cancelled");
});

test("ends with another cause are told as reminders, and others' sessions are not told of", () => {
  expect(changeOf(running, { ...stopped(running), cause: "out-of-memory" }, "anna")).toBeNull();
  expect(changeOf(starting, running, "kim")).toBeNull();
  expect(changeOf(undefined, running, "anna")).toBeNull();
  expect(changeOf(stopped(running), stopped(running), "anna")).toBeNull();
});

test("what is told has the session's name, and words for several", () => {
  const told: string[] = [];
  announceChange("stopped", running, (text, many) => told.push(text, many?.(3) ?? ""));
  expect(told).toEqual(["Stopped churn-model.", "3 sessions stopped."]);
  announceChange(null, running, (text) => told.push(text));
  expect(told).toHaveLength(2);
});
