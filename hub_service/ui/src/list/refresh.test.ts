import { environmentManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { rowsOf, type Rows } from "../live/rows";
import { makeSession } from "../testing/sessions";
import { refreshIn } from "./refresh";

const rows = (...items: Rows["items"]) =>
  rowsOf({ items, total: items.length, total_is_capped: false, next: null, prev: null }, 0);

beforeEach(() => {
  vi.useFakeTimers();
  environmentManager.setIsServer(() => false);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a list is refreshed every 30 s however many news come in between", async () => {
  const client = new QueryClient();
  const queryKey = ["list"];
  let asked = 0;
  let answeredAt = Date.now();
  const observer = new QueryObserver<Rows>(client, {
    queryKey,
    queryFn: () => {
      asked += 1;
      answeredAt = Date.now();
      return rows(makeSession());
    },
    refetchInterval: ({ state: { data } }) => refreshIn("live", data, Date.now() - answeredAt),
    refetchIntervalInBackground: true,
  });
  const hide = observer.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  for (let seconds = 0; seconds < 300; seconds += 5) {
    client.setQueryData(queryKey, rows(makeSession({ revision: seconds })));
    await vi.advanceTimersByTimeAsync(5000);
  }
  hide();
  expect(asked).toBeGreaterThanOrEqual(10);
  expect(asked).toBeLessThanOrEqual(12);
});

test("what somebody waits for is asked for every 5 s while nothing is told", () => {
  const starting = rows(makeSession({ state: "starting", status: "pending" }));
  expect(refreshIn("lost", starting, 2000)).toBe(3000);
  expect(refreshIn("live", starting, 2000)).toBe(28_000);
  expect(refreshIn("lost", rows(makeSession()), 2000)).toBe(28_000);
});

test("a pause refreshes nothing, and an overdue refresh comes soon but not at once", () => {
  expect(refreshIn("paused", undefined, 90_000)).toBe(false);
  expect(refreshIn("live", undefined, 90_000)).toBe(1000);
});
