import { expect, test } from "vitest";

import type { Session } from "../api/types";
import { makeSession } from "../testing/sessions";
import { isLeaving, leastUsed } from "./least-used";

const used = (id: string, at: string, change: Partial<Session> = {}) =>
  makeSession({ id, idle: { last: { kind: "lab", at } } as Session["idle"], ...change });

test("three are offered, the least recently used first, and none that goes by itself", () => {
  const may = makeSession().allowed;
  const all = [
    used("s4", "2026-11-21T14:00:00Z"),
    used("s1", "2026-11-21T10:00:00Z"),
    used("s2", "2026-11-21T11:00:00Z", { state: "stopping" }),
    used("s3", "2026-11-21T12:00:00Z"),
    used("s5", "2026-11-21T15:00:00Z"),
    used("s0", "2026-11-21T09:00:00Z", { allowed: { ...may, stop: "Not yours." } }),
  ];
  expect(leastUsed(all).map(({ id }) => id)).toEqual(["s1", "s3", "s4"]);
  expect(isLeaving(makeSession({ state: "stopped" }))).toBe(true);
  expect(isLeaving(makeSession())).toBe(false);
});
