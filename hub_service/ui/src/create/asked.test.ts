import { beforeAll, expect, test, vi } from "vitest";

import type { Preview } from "../api/types";

beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

const body = (idle: number | null) => JSON.stringify({ environment: "python", idle_timeout: idle });
const old = { checks: [], calls: { rest: "curl" } } as unknown as Preview;
const known = { data: old, error: null, isPlaceholderData: false, isFetching: false };

test("the service is asked what may be asked: half a number is not sent", async () => {
  const { questionOf } = await import("./asked");
  expect(questionOf(body(900))).toMatchObject({ enabled: true, queryKey: ["preview", body(900)] });
  expect(questionOf(body(null)).enabled).toBe(false);
  expect(questionOf(JSON.stringify({ environment: "", idle_timeout: 900 })).enabled).toBe(false);
  expect(questionOf(body(900), true).enabled).toBe(false);
});

test("an answer counts while it is about what stands in the form", async () => {
  const { answerOf } = await import("./asked");
  const now = body(900);
  expect(answerOf(now, now, known)).toMatchObject({ isCurrent: true, isChecking: false });
  expect(answerOf(body(60), now, known)).toMatchObject({
    preview: old,
    isCurrent: false,
    isChecking: true,
  });
  const before = { ...known, isPlaceholderData: true, isFetching: true };
  expect(answerOf(now, now, before)).toMatchObject({ isCurrent: false, isChecking: true });
});

test("while nothing can be asked no old checks and no old call stand there", async () => {
  const { answerOf } = await import("./asked");
  const nothing = { preview: undefined, isCurrent: false, isChecking: false, failure: null };
  expect(answerOf(body(null), body(900), known)).toEqual(nothing);
  expect(answerOf(body(null), body(null), known)).toEqual(nothing);
});

test("a failure is told while it is about what stands in the form", async () => {
  const { answerOf } = await import("./asked");
  const error = new Error("away");
  const failed = { ...known, error };
  expect(answerOf(body(900), body(900), failed)).toMatchObject({ failure: error });
  expect(answerOf(body(60), body(900), failed)).toMatchObject({ failure: null, isChecking: true });
});
