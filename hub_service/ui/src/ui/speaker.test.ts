import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { joined, makeSpeaker } from "./speaker";

const many = (count: number) => `${count} sessions stopped.`;
const stopped = (name: string) => ({ text: `Stopped ${name}.`, many });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The words of the live region, one after the other. */
function region() {
  const heard: string[] = [];
  return { heard, say: makeSpeaker((words) => heard.push(words)) };
}

test("news of one kind are counted, others stand beside them", () => {
  expect(joined([stopped("a")])).toBe("Stopped a.");
  expect(joined([stopped("a"), { text: "Copied." }, stopped("b"), stopped("c")])).toBe(
    "3 sessions stopped. Copied.",
  );
});

test("what a toast and an event say alike is said once", () => {
  expect(joined([{ text: "Stopped a." }, stopped("a")])).toBe("Stopped a.");
  expect(joined([{ text: "Stopped a." }, stopped("a"), stopped("b")])).toBe("2 sessions stopped.");
});

test("the same sentence is news again: the region is empty in between", () => {
  const { heard, say } = region();
  for (let time = 0; time < 2; time += 1) {
    say({ text: "Copied." });
    vi.advanceTimersByTime(3000);
  }
  expect(heard).toEqual(["", "Copied.", "", "Copied."]);
});

test("there is one sentence in two seconds, which says all that came meanwhile", () => {
  const { heard, say } = region();
  say({ text: "Copied." });
  vi.advanceTimersByTime(200);
  for (const name of ["a", "b"]) say(stopped(name));
  vi.advanceTimersByTime(1700);
  expect(heard.filter(Boolean)).toEqual(["Copied."]);
  vi.advanceTimersByTime(300);
  expect(heard.filter(Boolean)).toEqual(["Copied.", "2 sessions stopped."]);
});
