import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { makeLater } from "./later";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("of many wishes the last one is done, once and a moment later", () => {
  const later = makeLater(200);
  const done: number[] = [];
  for (let key = 0; key < 10; key += 1) {
    later.run(() => done.push(key));
    vi.advanceTimersByTime(100);
  }
  expect(done).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(done).toEqual([9]);
});

test("what waits is done at once when the page goes, and not again", () => {
  const later = makeLater(200);
  const job = vi.fn();
  later.run(job);
  later.now();
  later.now();
  vi.advanceTimersByTime(1000);
  expect(job).toHaveBeenCalledOnce();
});

test("what is forgotten is not done, not even when the page goes", () => {
  const later = makeLater(200);
  const job = vi.fn();
  later.run(job);
  later.forget();
  later.now();
  vi.advanceTimersByTime(1000);
  expect(job).not.toHaveBeenCalled();
});
