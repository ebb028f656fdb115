import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { memoryWords, usesOf } from "./usage-words";

const GIB = 2 ** 30;
const at = "2026-11-21T12:00:00Z";
const words = (change: Parameters<typeof makeSession>[0]) =>
  usesOf(makeSession(change)).map((use) => `${use.name} ${use.words}`);

test("use is said against the limit, in the limit's unit", () => {
  expect(words({ used: { cpu: 0.41, memory: 1.2 * GIB, at } })).toEqual([
    "CPU 0.4 of 2",
    "memory 1.2 of 4 GiB",
  ]);
  const small = { cpu: "500m", memory: "512Mi", gpu: null };
  expect(words({ used: { cpu: 0.5, memory: GIB / 4, at }, resources: small })).toEqual([
    "CPU 0.5 of 0.5",
    "memory 256 of 512 MiB",
  ]);
});

test("without a limit, or before CPU is known, less is said", () => {
  const none = { cpu: null, memory: null, gpu: null };
  expect(words({ used: { cpu: 3.25, memory: 3 * GIB, at }, resources: none })).toEqual([
    "CPU 3.3",
    "memory 3 GiB",
  ]);
  expect(words({ used: { cpu: null, memory: GIB, at } })).toEqual(["memory 1 of 4 GiB"]);
  expect(words({ used: null })).toEqual([]);
});

test("a share is never more than the whole", () => {
  expect(
    usesOf(makeSession({ used: { cpu: 4, memory: GIB, at } })).map((use) => use.share),
  ).toEqual([1, 0.25]);
});

test("bytes are said in the unit that fits", () => {
  expect([memoryWords(300 * 2 ** 20), memoryWords(1.25 * GIB)]).toEqual(["300 MiB", "1.3 GiB"]);
});
