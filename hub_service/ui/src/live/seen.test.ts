import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { watchSeen } from "./seen";

/** The browser's tab, in the test's hands. */
class Tab extends EventTarget {
  hidden = true;

  turn(hidden: boolean) {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let tab: Tab;

beforeEach(() => {
  vi.useFakeTimers();
  tab = new Tab();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("document", tab);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a page that is opened in the background is not seen after a minute", () => {
  const tell = vi.fn();
  watchSeen(tell);
  vi.advanceTimersByTime(59_000);
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(tell).toHaveBeenLastCalledWith(false);
  tab.turn(false);
  expect(tell).toHaveBeenLastCalledWith(true);
});

test("a page that is hidden for a moment counts as seen", () => {
  const tell = vi.fn();
  tab.hidden = false;
  const close = watchSeen(tell);
  tab.turn(true);
  vi.advanceTimersByTime(59_000);
  tab.turn(false);
  vi.advanceTimersByTime(60_000);
  expect(tell).not.toHaveBeenCalledWith(false);
  close();
  tab.turn(true);
  vi.advanceTimersByTime(60_000);
  expect(tell).not.toHaveBeenCalledWith(false);
});
