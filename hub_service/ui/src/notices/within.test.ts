import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { within } from "./within";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("an answer that never comes is waited for five seconds", async () => {
  const told = vi.fn();
  void within(new Promise(() => undefined), 5000).then(told);
  await vi.advanceTimersByTimeAsync(4900);
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toHaveBeenCalledOnce();
});

test.each([
  ["an answer", () => Promise.resolve()],
  ["a refusal", () => Promise.reject(new Error("no"))],
])("%s is not waited for any longer", async (_, answer) => {
  const told = vi.fn();
  void within(answer(), 5000).then(told);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveBeenCalledOnce();
});
