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

test("the same body keeps its key over a reload, until it made a session", async () => {
  const draft = { values: emptyValues("python", 900), source: "?clone=s1" };
  const key = (await import("./draft")).keyFor(draft, '{"name":"a"}');
  vi.resetModules();
  const { forgetKey, keyFor, loadDraft } = await import("./draft");
  expect(keyFor(draft, '{"name":"a"}')).toBe(key);
  expect(keyFor({ ...draft, source: "" }, '{"name":"a"}')).not.toBe(key);
  forgetKey(draft.source);
  expect(loadDraft(draft.source)?.values).toEqual(draft.values);
  expect(keyFor(draft, '{"name":"a"}')).not.toBe(key);
});
