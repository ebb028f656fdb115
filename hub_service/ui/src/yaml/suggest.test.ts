import { expect, test } from "vitest";

import { SCHEMA } from "../testing/pod-schema";
import { placeAt } from "./place";
import { suggest } from "./suggest";

/** The labels suggested where ‸ stands. */
function labels(marked: string): string[] | null {
  const cursor = marked.indexOf("‸");
  const found = suggest(marked.replace("‸", ""), cursor, SCHEMA);
  return found && found.options.map(({ label }) => label);
}

test("keys are suggested by where the cursor stands, without those that are there", () => {
  expect(labels("‸")).toEqual(["metadata", "spec"]);
  expect(labels("spec:\n  ‸")).toEqual(["priorityClassName", "containers"]);
  expect(labels("spec:\n  con‸")).toEqual(["priorityClassName", "containers"]);
  expect(labels("spec:\n  priorityClassName: low\n  ‸\nmetadata: {}\n")).toEqual(["containers"]);
  expect(labels("spec:\n  ‸\n  priorityClassName: low\n")).toEqual(["containers"]);
});

test("lists are gone into, indented or not", () => {
  const rest = ["env", "resources", "tty"];
  expect(labels("spec:\n  containers:\n  - name: notebook\n    ‸")).toEqual(rest);
  expect(labels("spec:\n  containers:\n    - name: notebook\n      ‸")).toEqual(rest);
  expect(labels("spec:\n  containers:\n  - ‸")).toEqual(["name", ...rest]);
  const below = "spec:\n  containers:\n  - name: notebook\n    env:\n    - name: A\n      ‸";
  expect(labels(below)).toEqual(["value"]);
  expect(labels(below.replace("env:", "resources:").replace("- name: A\n      ", "  "))).toEqual([
    "limits",
  ]);
});

test("values are suggested where they are known", () => {
  expect(labels("spec:\n  priorityClassName: ‸")).toEqual(["low", "lower"]);
  expect(labels("spec:\n  containers:\n  - name: ‸")).toEqual(["notebook"]);
  expect(labels("spec:\n  containers:\n  - tty: t‸")).toEqual(["true", "false"]);
  expect(labels("spec:\n  nonsense: ‸")).toBeNull();
});

test("what is put in goes on at the right column", () => {
  const found = suggest("spec:\n  ", 8, SCHEMA);
  const inserts = found?.options.map(({ insert }) => insert);
  expect(inserts).toEqual(["priorityClassName: ", "containers:\n  - "]);
  expect(suggest("", 0, SCHEMA)?.options[1]?.insert).toBe("spec:\n  ");
});

test("in comments and between other things nothing is suggested", () => {
  expect(placeAt("# sp", 4)).toBeNull();
  expect(placeAt("a: b c", 6)).toBeNull();
  expect(placeAt("spec: {a", 8)).not.toBeNull();
});
