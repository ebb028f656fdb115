import { expect, test } from "vitest";

import { rowAfter, rowsFor, type Option } from "./combo-rows";

const OPTIONS: Option[] = [
  { value: "default", label: "your default", note: "" },
  { value: "data", label: "data", note: "in use" },
];
const offer = (typed: string) => (/^[a-z]+$/.test(typed) ? `Create ${typed}` : null);
const labels = (typed: string | null, value = "data") =>
  rowsFor(typed, value, OPTIONS, offer).map(({ label }) => label);

test("all is shown until something is typed, then what fits, and the offer to make it", () => {
  expect(labels(null)).toEqual(["your default", "data"]);
  expect(labels("DAT")).toEqual(["data", "Create dat"]);
  expect(labels("Data")).toEqual(["data"]);
  expect(labels("your default")).toEqual(["your default"]);
  expect(labels("no drive")).toEqual([]);
  expect(labels(null, "gone")).toEqual(["your default", "data", "Create gone"]);
});

test("the keys go round", () => {
  expect([rowAfter(0, 1, 3), rowAfter(2, 1, 3), rowAfter(0, -1, 3)]).toEqual([1, 0, 2]);
  expect(rowAfter(0, 1, 0)).toBe(0);
});
