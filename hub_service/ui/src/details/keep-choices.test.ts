import { expect, test } from "vitest";

import { keepChoices } from "./keep-choices";

const NOON = Date.parse("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;

test("one hour, four, and the evening", () => {
  expect(keepChoices(NOON, null).map(({ label, note }) => [label, note])).toEqual([
    ["1 h", "until 13:00"],
    ["4 h", "until 16:00"],
    ["18:00", "until 18:00"],
  ]);
  expect(keepChoices(NOON, null).at(-1)?.body).toEqual({ until: "2026-11-21T18:00:00.000Z" });
});

test("after work the evening is tomorrow's", () => {
  expect(keepChoices(NOON + 6 * HOUR, null).at(-1)?.note).toBe("until tomorrow 18:00");
});

test("what is beyond the limit says so", () => {
  expect(keepChoices(NOON, 2 * 3600).map(({ reason }) => reason)).toEqual([
    undefined,
    "Your limit is 2 h from now.",
    "Your limit is 2 h from now.",
  ]);
});
