import { expect, test } from "vitest";

import { rowsOf } from "../live/rows";
import { makeSession } from "../testing/sessions";
import type { Preferences } from "../ui/preferences";
import type { Tab } from "../url/routes";
import { isNear } from "./near";

const hundred = (prefix: string) =>
  Array.from({ length: 100 }, (_, at) => makeSession({ id: `${prefix}${at}` }));
const PLAIN = { columns: {} } as unknown as Preferences;
const shown = hundred("s");
const listed = (items = shown, tab: Tab = "active", chosen = PLAIN) => ({
  rows: rowsOf({ items, total: 100, total_is_capped: false, next: null, prev: null }, 0),
  tab,
  chosen,
});

test("a new row on top of a hundred is drawn at once", () => {
  expect(isNear(listed(), listed([makeSession({ id: "new" }), ...shown]))).toBe(true);
  expect(isNear(listed([]), listed([makeSession({ id: "first" })]))).toBe(true);
});

test("what is remembered besides, as after a start, does not hold up a new row", () => {
  const remembered = { ...PLAIN, lastChoices: null };
  expect(isNear(listed(), listed([makeSession(), ...shown], "active", remembered))).toBe(true);
});

test("news of a few rows are drawn at once", () => {
  const [first = makeSession(), ...others] = shown;
  expect(isNear(listed(), listed([{ ...first, name: "renamed" }, ...others]))).toBe(true);
});

test("another page, tab or other columns are drawn behind what is clicked", () => {
  expect(isNear(listed(), listed(hundred("t")))).toBe(false);
  expect(isNear(listed(), listed(shown, "history"))).toBe(false);
  expect(isNear(listed(), listed(shown, "active", { ...PLAIN, columns: {} }))).toBe(false);
});

test("the first rows are drawn behind what is clicked", () => {
  expect(isNear({ ...listed(), rows: undefined }, listed())).toBe(false);
});
