import { expect, test } from "vitest";

import { tabAt } from "./tab-keys";

test("arrows go round in a row of tabs, Home and End to its ends", () => {
  const tabs = ["a", "b", "c"];
  expect(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => tabAt(key, tabs, "c"))).toEqual([
    "a",
    "b",
    "a",
    "c",
  ]);
  expect(tabAt("ArrowLeft", tabs, "a")).toBe("c");
  expect(tabAt("x", tabs, "a")).toBeUndefined();
});
