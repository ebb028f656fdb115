import { expect, test } from "vitest";

import { amountOf, inGiB, quantityWords } from "./quantity";

test.each([
  ["4Gi", "4 GiB"],
  ["500m", "0.5"],
  ["2", "2"],
  ["1.5G", "1.5 GB"],
  ["odd", "odd"],
])("%s is shown as %s", (quantity, words) => {
  expect(quantityWords(quantity)).toBe(words);
});

test.each([
  ["64Gi", "64"],
  [3.1 * 2 ** 30, "3.1"],
  ["512Mi", "0.5"],
  ["odd", "0"],
])("%s is %s GiB", (amount, words) => {
  expect(inGiB(amount)).toBe(words);
});

test("what is no quantity is no amount", () => {
  const all = ["500m", "4Gi", "2", "2k", "constructor", "x", null].map(amountOf);
  expect(all).toEqual([0.5, 4 * 2 ** 30, 2, null, null, null, null]);
});
