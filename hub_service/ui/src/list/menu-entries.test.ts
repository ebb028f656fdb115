import { expect, test } from "vitest";

import { makeSession, stopped } from "../testing/sessions";
import { entriesFor } from "./menu-entries";

const NOT_YOURS = "You may not do this to this session.";
const running = makeSession();
const words = (...given: Parameters<typeof entriesFor>) =>
  entriesFor(...given).map(({ key, reason }) => (reason ? `${key} (${reason})` : key));

test("one's own running session offers everything, Stop last", () => {
  const all = ["details", "clone", "keep", "rename", "copyLink", "stop"];
  expect(words(running, "anna")).toEqual(all);
});

test("a start can be cancelled, and is not kept running before it runs", () => {
  const pending = makeSession({ state: "starting", status: "pending" });
  const all = ["details", "clone", "rename", "copyLink", "cancelStart"];
  expect(words(pending, "anna")).toEqual(all);
});

test("what may not be done to one's own is shown with the reason", () => {
  const damaged = { ...running.allowed, clone: "It cannot be read." };
  expect(words({ ...running, allowed: damaged }, "anna")).toContain("clone (It cannot be read.)");
});

test("one's own past session can be looked at, cloned and started again", () => {
  const past = { ...stopped(running), allowed: { ...running.allowed, restart: true as const } };
  expect(words(past, "anna")).toEqual(["story", "clone", "restart", "copyLink"]);
});

test("of others' sessions there is only what can be done with them", () => {
  const allowed = {
    open: true,
    clone: true,
    extend: NOT_YOURS,
    rename: NOT_YOURS,
    stop: NOT_YOURS,
    restart: NOT_YOURS,
  } as const;
  const theirs = { ...running, allowed };
  expect(words(theirs, "ben")).toEqual(["open", "clone", "copyLink"]);
  expect(words({ ...stopped(theirs), allowed }, "ben")).toEqual(["clone", "copyLink"]);
});

test("an administrator also keeps them running and stops them", () => {
  const all = ["open", "clone", "keep", "rename", "copyLink", "stop"];
  expect(words(running, "admin")).toEqual(all);
});
