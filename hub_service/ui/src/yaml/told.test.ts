import { expect, test } from "vitest";

import { texts } from "../texts";
import { tell, UNTOLD } from "./told";

const { checking, noProblems, fine } = texts.yaml;
const looking = { problems: 0, silence: checking, isSettled: false };
const none = { problems: 0, silence: noProblems, isSettled: true };

test("pauses while somebody types are not told, another count is", () => {
  const found = [
    looking,
    none,
    looking,
    { ...none, problems: 2 },
    looking,
    { ...none, problems: 2 },
  ];
  const told: string[] = [];
  let last = UNTOLD;
  for (const each of [...found, { ...none, problems: 1 }, looking, none]) {
    const words = tell(last, each);
    if (words !== last) told.push(words);
    last = words;
  }
  expect(told).toEqual(["2 problems", "1 problem", noProblems]);
});

test("the answer to Check is told", () => {
  expect(tell(UNTOLD, { ...none, silence: fine })).toBe(fine);
});
