import { expect, test } from "vitest";

import { texts } from "../texts";
import { isTooLarge, parse } from "./parse";

function said(text: string): [number | null, string][] {
  return parse(text).problems.map(({ line, message }) => [line, message]);
}

test("what is fine has no problems, and every place of it is known", () => {
  const { root, problems } = parse("# mine\nspec:\n  containers:\n  - name: notebook\n");
  expect(problems).toEqual([]);
  expect(root?.range?.[0]).toBe(7);
  expect(parse("").problems).toEqual([]);
  expect(parse("# nothing yet\n").problems).toEqual([]);
});

test.each([
  ["a: 1\nb: 2\na: 3\n", 3, texts.yaml.keyTwice("a")],
  ["a: &x 1\nb: 2\n", 1, texts.yaml.anchor],
  ["b: !!str 2\n", 1, texts.yaml.tag],
  ["spec:\n  <<: {a: 1}\n", 2, texts.yaml.mergeKey],
  ["spec:\n  8080: a\n", 2, texts.yaml.quoteKey("8080")],
  ["spec:\n  yes: a\n", 2, texts.yaml.quoteKey("yes")],
  ["? [a]\n: b\n", 1, texts.yaml.keyIsNoWord],
  ["- a\n", 1, texts.yaml.notAMapping],
  ["a: 1\n---\nb: 2\n", 2, texts.yaml.oneDocument],
])("what the server refuses is refused while typing, by its line: %j", (text, line, message) => {
  expect(said(text)).toContainEqual([line, message]);
});

test("what is no YAML says so at its line", () => {
  const [first] = said("spec:\n  a: [1\n");
  expect(first?.[1]).toMatch(/^This is not YAML: /);
  expect(said("a: 1\n  b: 2\n")[0]?.[0]).toBeLessThanOrEqual(2);
});

test("up to 64 kB are taken", () => {
  const most = `a: "${"x".repeat(64 * 1024 - 6)}"\n`;
  expect(isTooLarge(most)).toBe(false);
  expect(said(most)).toEqual([]);
  expect(said(`${most}#`)).toEqual([[1, "Too large: up to 64 kB."]]);
  expect(isTooLarge("é".repeat(40_000))).toBe(true);
});
