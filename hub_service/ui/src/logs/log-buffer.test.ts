import { expect, test } from "vitest";

import {
  blocksOf,
  matchesIn,
  MOST_LINES,
  NO_LINES,
  piecesOf,
  searchedBlocks,
  withLines,
} from "./log-buffer";

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`);

test("the newest lines are kept, and how many went before them", () => {
  const log = withLines(withLines(NO_LINES, numbered(0, MOST_LINES)), numbered(MOST_LINES, 3));
  expect(log.lines).toHaveLength(MOST_LINES);
  expect(log.before).toBe(3);
  expect(log.lines[0]).toBe("line 3");
  expect(log.lines.at(-1)).toBe(`line ${MOST_LINES + 2}`);
});

test("lines that never came are remembered", () => {
  const log = withLines(withLines(NO_LINES, ["a"], true), ["b"]);
  expect(log.isSkipped).toBe(true);
});

test("blocks hold every line once, and keep their bounds when lines come and go", () => {
  const before = withLines(NO_LINES, numbered(0, 450));
  const after = withLines(before, numbered(450, 10));
  expect(blocksOf(before).map(({ key }) => key)).toEqual([0, 1, 2]);
  expect(blocksOf(after).slice(0, 2)).toEqual(blocksOf(before).slice(0, 2));
  const full = withLines(NO_LINES, numbered(0, MOST_LINES));
  const rolled = withLines(full, numbered(MOST_LINES, 7));
  expect(
    blocksOf(rolled)
      .map(({ text }) => text)
      .join("\n")
      .split("\n"),
  ).toEqual(rolled.lines);
  expect(blocksOf(rolled)[1]).toEqual(blocksOf(full)[1]);
});

test("what is looked for is found in any case, and is no pattern", () => {
  expect(piecesOf("Error: a.b error", "ERROR")).toEqual(["", "Error", ": a.b ", "error", ""]);
  expect(matchesIn("a.b axb (x)", "a.b")).toBe(1);
  expect(matchesIn("(x) [y]", "(")).toBe(1);
  expect(matchesIn("anything", "")).toBe(0);
});

test("each block knows which of all matches are in it", () => {
  const log = withLines(NO_LINES, numbered(195, 10));
  expect(searchedBlocks(log, "line 2").map(({ first, count }) => [first, count])).toEqual([[0, 5]]);
  const far = withLines(NO_LINES, numbered(0, 401));
  const counts = searchedBlocks(far, "line 4").map(({ first, count }) => [first, count]);
  // 4 and 40 to 49, then none, then 400.
  expect(counts).toEqual([
    [0, 11],
    [11, 0],
    [11, 1],
  ]);
});

test("hidden characters are shown, and can be looked for as they are shown", () => {
  const [block] = searchedBlocks(withLines(NO_LINES, ["a\u202eb"]), "\\u202e");
  expect(block?.text).toBe("a\\u202eb");
  expect(block?.count).toBe(1);
});
