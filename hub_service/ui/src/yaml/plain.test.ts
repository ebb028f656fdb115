import { expect, test } from "vitest";

import { isUnexpectedBoolean, resolvePlain } from "./plain";

test.each([
  ["y", true],
  ["Yes", true],
  ["ON", true],
  ["no", false],
  ["~", null],
  ["", null],
  ["010", 8],
  ["0x1F", 31],
  ["1_000", 1000],
  ["-12", -12],
  ["08", 8],
  ["1e3", 1000],
  [".5", 0.5],
  ["12:30:00", "12:30:00"],
  ["2026-11-21", "2026-11-21"],
  ["500m", "500m"],
  ["yEs", "yEs"],
])("‘%s’ means to Kubernetes %j", (text, meaning) => {
  expect(resolvePlain(text)).toBe(meaning);
});

test("words that only YAML 1.1 takes for booleans are known", () => {
  expect(["y", "Yes", "off"].every(isUnexpectedBoolean)).toBe(true);
  expect(["true", "False", "yep"].some(isUnexpectedBoolean)).toBe(false);
});
