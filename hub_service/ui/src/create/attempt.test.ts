import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

// The calls know where they go from the page's data block.
beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function load() {
  return { ...(await import("../api/client")), ...(await import("./attempt")) };
}

/** A press of Create that is answered so, one answer a call. */
async function press(answers: (Error | string)[]) {
  const { Attempt } = await load();
  const attempt = new Attempt();
  const call = vi.fn(() => {
    const answer = answers.shift() ?? new Error("There is no answer left.");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const observer = new MutationObserver(new QueryClient(), {
    mutationFn: () => attempt.send(call),
    retry: (failures, error) => attempt.mayRetry(failures, error),
    retryDelay: 1000,
  });
  const done = observer.mutate().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);
  return { attempt, call, done };
}

test("it is sent again while nobody answers, and while too many start", async () => {
  const { ApiError } = await load();
  const { call, done } = await press([new ApiError(0, {}), new ApiError(429, {}, 1), "started"]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await done).toBe("started");
  expect(call).toHaveBeenCalledTimes(3);
});

test("a closed form sends nothing more", async () => {
  const { ApiError, GivenUp } = await load();
  const { attempt, call, done } = await press([new ApiError(429, {}, 1), "started"]);
  attempt.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(await done).toBeInstanceOf(GivenUp);
  expect(call).toHaveBeenCalledTimes(1);
});

test.each([
  [0, true],
  [502, true],
  [429, false],
])("closing says whether it may have started: after %i %s", async (status, isInDoubt) => {
  const { ApiError } = await load();
  const { attempt } = await press([new ApiError(status, {}), "started"]);
  expect(attempt.close()).toBe(isInDoubt);
});

test("what is on its way is answered after closing, so nothing is said yet", async () => {
  const { ApiError, Attempt } = await load();
  const attempt = new Attempt();
  let answer: (error: Error) => void = () => undefined;
  const sent = attempt.send(() => new Promise((_, refuse) => (answer = refuse)));
  expect(attempt.close()).toBe(false);
  answer(new ApiError(0, {}));
  await expect(sent).rejects.toMatchObject({ status: 0 });
  expect(attempt.mayRetry(0, new ApiError(0, {}))).toBe(false);
});

test("what surely did nothing is not in doubt", async () => {
  const { ApiError, isInDoubt } = await load();
  expect(isInDoubt(new ApiError(500, { error: { nothing_happened: true } }))).toBe(false);
  expect(isInDoubt(new ApiError(500, {}))).toBe(true);
  expect(isInDoubt(new Error("else"))).toBe(false);
});
