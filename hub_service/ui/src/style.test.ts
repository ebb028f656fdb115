import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./style.css", import.meta.url), "utf8");

test("what is pressed answers at once, without a transition of the hub's stylesheet", () => {
  const [, selectors = ""] = /([^{}]*)\{\s*transition: none;/.exec(css) ?? [];
  for (const each of [".btn", ".form-control", ".form-select", ".form-check-input"]) {
    expect(selectors.split(/[\s,]+/)).toContain(each);
  }
  expect(css.replaceAll("transition: none", "")).not.toMatch(/transition(-duration)?:/);
});

test("no animation draws the rows with every frame: a mark fades in steps", () => {
  const [, animation = ""] = /animation: (mark [^;]*);/.exec(css) ?? [];
  expect(animation).toContain("steps(");
});
