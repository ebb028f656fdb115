import { expect, test } from "vitest";

import type { Preferences } from "../ui/preferences";
import { columnsOf, isShown, sortOf, withOthers } from "./columns";

const PLAIN = { columns: {} } as unknown as Preferences;
const shown = (tab: "active" | "history", chosen = PLAIN, isOfOthers = false) =>
  columnsOf(tab)
    .filter((column) => isShown(column, tab, chosen, isOfOthers))
    .map((column) => column.key);
const hidden = (tab: "active" | "history") =>
  columnsOf(tab)
    .filter((column) => !isShown(column, tab, PLAIN, false))
    .map((column) => column.title);

test("each tab begins with the columns that its rows are told apart by", () => {
  expect(shown("active")).toEqual([
    "id",
    "access",
    "status",
    "drive",
    "environment",
    "stops",
    "start",
  ]);
  expect(shown("history")).toEqual(["id", "ended_because", "drive", "environment", "start", "end"]);
});

test("the others wait under Columns", () => {
  const others = ["Custom image URL", "Email", "Billing project ID", "Service account ID"];
  const more = ["Opened ports", "Duration", "Origin"];
  expect(hidden("active")).toEqual([...others, ...more, "Size · Memory now"]);
  expect(hidden("history")).toEqual(["Status", ...others, ...more, "Size"]);
});

test("Email shows itself while the list may hold sessions of others, unless it was put away", () => {
  expect(shown("active", PLAIN, true)).toContain("email");
  const without = { columns: { active: { email: false } } } as unknown as Preferences;
  expect(shown("active", without, true)).not.toContain("email");
  expect(withOthers({ owner: [] }, "anna")).toBe(false);
  expect(withOthers({ owner: ["anna"] }, "anna")).toBe(false);
  expect(withOthers({ owner: ["*"] }, "anna")).toBe(true);
});

test("the session and what can be done to it cannot be put away", () => {
  const nothing = { columns: { active: { id: false } } } as unknown as Preferences;
  expect(shown("active", nothing)[0]).toBe("id");
});

test("only orders that the service has an index for are offered", () => {
  const sorts = columnsOf("active").map((column) => sortOf(column, ["name", "started_at"]));
  expect(sorts.filter(Boolean)).toEqual(["name", "started_at"]);
});
