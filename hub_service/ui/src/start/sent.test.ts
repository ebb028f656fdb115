import { beforeAll, expect, test, vi } from "vitest";

beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

test("the same body from the same place keeps its key until it is answered", async () => {
  const { forgetSent, sentFrom } = await import("./sent");
  const first = sentFrom("", "a");
  expect(sentFrom("", "a")).toEqual(first);
  expect(sentFrom("?clone=s1", "a").key).not.toBe(first.key);
  expect(sentFrom("", "b").key).not.toBe(first.key);
  forgetSent("");
  expect(sentFrom("", "b", { body: "b", key: "kept" }).key).toBe("kept");
  forgetSent("");
  expect(sentFrom("", "c", { body: "b", key: "kept" }).key).not.toBe("kept");
});
