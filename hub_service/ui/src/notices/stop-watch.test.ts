import { expect, test } from "vitest";

import type { Session } from "../api/types";
import { makeSession, stopped } from "../testing/sessions";
import { alertKey, dueSessions, endKey, nextWarning, warnBefore } from "./stop-watch";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const MINUTE = 60_000;
const watch = { owner: "anna", now: NOW, minutes: 5, let: new Set<string>() };

function ending(minutes: number, change: Partial<Session> = {}): Session {
  const ends_at = new Date(NOW + minutes * MINUTE).toISOString();
  return makeSession({ idle: { state: "counting", ends_at }, ...change });
}

test("it is told five minutes before, or as early as chosen", () => {
  expect(dueSessions([ending(6)], watch)).toEqual([]);
  expect(dueSessions([ending(5)], watch)).toHaveLength(1);
  expect(dueSessions([ending(9)], { ...watch, minutes: 10 })).toHaveLength(1);
});

test("an end that more time does not move is not offered to be moved", () => {
  const expires_at = new Date(NOW + MINUTE).toISOString();
  expect(dueSessions([ending(4, { expires_at })], watch)).toEqual([]);
});

test("a short timeout is told for a third of it", () => {
  expect(warnBefore(180, 5)).toBe(MINUTE);
  expect(dueSessions([ending(4, { idle_timeout: 600 })], watch)).toEqual([]);
  expect(dueSessions([ending(3, { idle_timeout: 600 })], watch)).toHaveLength(1);
});

test("the next one to stop comes first, and the last minute is told again", () => {
  const due = dueSessions([ending(4), ending(0.9, { id: "sb3nnwx5qv2e" })], watch);
  expect(due.map(({ id, isLast }) => [id, isLast])).toEqual([
    ["sb3nnwx5qv2e", true],
    ["s7k2mq4pedra", false],
  ]);
  const later = dueSessions([ending(4)], { ...watch, now: NOW + 3.5 * MINUTE });
  expect(alertKey(later)).not.toBe(alertKey(dueSessions([ending(4)], watch)));
});

test("what the visitor lets stop is not told again, unless it was used meanwhile", () => {
  const let_ = new Set([endKey("s7k2mq4pedra", NOW + 4 * MINUTE)]);
  expect(dueSessions([ending(4)], { ...watch, let: let_ })).toEqual([]);
  expect(dueSessions([ending(5)], { ...watch, let: let_ })).toHaveLength(1);
});

test("only one's own running sessions are told of", () => {
  const others = ending(2, { owner: "kim" });
  const kept = makeSession({ idle: { state: "in-use", ends_at: null } });
  expect(dueSessions([others, kept, stopped(ending(2)), ending(-1)], watch)).toEqual([]);
});

test("the one timer is set to the next warning of any session", () => {
  expect(nextWarning([ending(12), ending(8), ending(7, { owner: "kim" })], watch)).toBe(
    NOW + 3 * MINUTE,
  );
  expect(nextWarning([ending(4)], watch)).toBe(NOW + 3 * MINUTE);
  expect(nextWarning([ending(0.5), makeSession()], watch)).toBeNull();
});
