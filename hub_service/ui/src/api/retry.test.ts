import { beforeAll, expect, test, vi } from "vitest";

// The calls know where they go from the page's data block.
beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

const ours = { error: { code: "not-found", message: "There is no such session." } };

async function load() {
  return { ...(await import("./client")), ...(await import("./retry")) };
}

test("what nobody answered is sent again, and what the service refused is not", async () => {
  const { ApiError, whileAway } = await load();
  for (const status of [0, 502, 503, 504]) {
    expect(whileAway.retry(0, new ApiError(status, {}))).toBe(true);
  }
  for (const status of [401, 404, 409, 422, 500]) {
    expect(whileAway.retry(0, new ApiError(status, ours))).toBe(false);
  }
});

test("it is given up in the end, later each time or when the service says", async () => {
  const { ApiError, whileAway } = await load();
  const away = new ApiError(503, {});
  expect(whileAway.retry(6, away)).toBe(false);
  expect([0, 1, 2].map((failures) => whileAway.retryDelay(failures, away))).toEqual([
    1000, 2000, 4000,
  ]);
  expect(whileAway.retryDelay(0, new ApiError(503, {}, 7))).toBe(7000);
});

test("an answer of the hub in the service's place is as good as none", async () => {
  const { call } = await load();
  const answers = [
    new Response("<h1>404</h1>", { status: 404 }),
    Response.json(ours, { status: 404 }),
  ];
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  await expect(call("GET", "sessions/s1")).rejects.toMatchObject({ status: 502 });
  await expect(call("GET", "sessions/s1")).rejects.toMatchObject({ status: 404 });
});

test("what somebody waits for is given up soon, so that he is told", async () => {
  const { ApiError, isWorthRetrying, isWorthWaiting, whileMissing } = await load();
  const away = new ApiError(503, {});
  expect([0, 1, 2, 3].map((failures) => isWorthWaiting(failures, away))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isWorthRetrying(100, away)).toBe(true);
  expect(isWorthWaiting(0, new ApiError(404, ours))).toBe(false);
  expect(whileMissing({ state: { error: away } })).toBe(10_000);
  for (const error of [null, new ApiError(404, ours)]) {
    expect(whileMissing({ state: { error } })).toBe(false);
  }
});
