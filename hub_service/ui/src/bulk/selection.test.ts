import { expect, test } from "vitest";

import { between } from "./useSelection";

const ids = ["a", "b", "c", "d"];

test("a range goes from the last choice to this one, in either direction", () => {
  expect(between(ids, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(ids, "c", "a")).toEqual(["a", "b", "c"]);
});

test("without a last choice, or when it is gone, only this one is meant", () => {
  expect(between(ids, null, "c")).toEqual(["c"]);
  expect(between(ids, "gone", "c")).toEqual(["c"]);
});
