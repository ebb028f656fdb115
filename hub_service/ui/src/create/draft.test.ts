import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { emptyValues } from "./values";

const stored = new Map<string, string>();

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  stored.clear();
  const boot = { me: { name: "anna", admin: false } };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: JSON.stringify(boot) }) });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function typed() {
  const drafts = await import("./draft");
  const draft = { values: { ...emptyValues("python", 900), name: "half-filled" }, source: "" };
  drafts.draftLater.run(() => {
    drafts.keepDraft(draft);
  });
  return drafts;
}

test("a draft is written a moment after the last key", async () => {
  const { loadDraft } = await typed();
  expect(stored.size).toBe(0);
  vi.advanceTimersByTime(200);
  expect(loadDraft("")?.values.name).toBe("half-filled");
});

test("a draft that is dropped is not written afterwards", async () => {
  const { dropDraft, draftLater, loadDraft } = await typed();
  dropDraft("");
  draftLater.now();
  vi.advanceTimersByTime(1000);
  expect(loadDraft("")).toBeNull();
});
