import { expect, test } from "vitest";

import type { Drive, Session } from "../api/types";
import { makeSession, stopped } from "../testing/sessions";
import { driveReminders, endedReminders, lifeReminders, longReminders } from "./reminders";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const who = { me: "anna", now: NOW };
const running = makeSession();
const before = new Map([[running.id, running]]);

function ended(change: Partial<Session>): string[] {
  return endedReminders(before, [{ ...stopped(running), ...change }], who).map(({ text }) => text);
}

const explained = (sentence: string) => ({
  explanation: { sentence, short: "", times: [], next: null },
});

test("an end that nobody asked for is told, with its cause", () => {
  expect(ended({ cause: "out-of-memory", ...explained("It needed more memory.") })).toEqual([
    "churn-model: It needed more memory.",
  ]);
});

test("a stop by an administrator is told, one's own is not", () => {
  const stop = explained("kim (administrator) stopped it: ‘maintenance’.");
  expect(ended({ cause: "admin", ended_by: "kim", ...stop })).toEqual([
    "churn-model: kim (administrator) stopped it: ‘maintenance’.",
  ]);
  expect(ended({ cause: "user", ended_by: "anna" })).toEqual([]);
});

test("neither others' sessions nor those that were over before are told of", () => {
  expect(ended({ cause: "crashed", owner: "kim" })).toEqual([]);
  const over = stopped(running);
  expect(endedReminders(new Map([[over.id, over]]), [over], who)).toEqual([]);
  expect(endedReminders(new Map(), [over], who)).toEqual([]);
});

test("a session without an end is told of after twelve hours", () => {
  const old = makeSession({ idle_timeout: -1, ready_at: "2026-11-21T23:30:00Z" });
  expect(longReminders([old], who).map(({ text }) => text)).toEqual([
    "churn-model has been running for 12 h and never stops by itself.",
  ]);
  expect(longReminders([{ ...old, ready_at: "2026-11-22T01:00:00Z" }], who)).toEqual([]);
  expect(longReminders([{ ...old, idle_timeout: 3600 }], who)).toEqual([]);
});

test("a drive that is nearly full is told of, where its use is known", () => {
  const drive = { id: "d1", name: "data", owner: "anna", size: "10Gi", used: "9300Mi" } as Drive;
  expect(driveReminders([drive], "anna").map(({ text }) => text)).toEqual([
    "The drive ‘data’ is 90\u00a0% full.",
  ]);
  expect(driveReminders([{ ...drive, used: null }], "anna")).toEqual([]);
  expect(
    driveReminders(
      [
        { ...drive, used: "1Gi" },
        { ...drive, owner: "kim" },
      ],
      "anna",
    ),
  ).toEqual([]);
});

test("a longest life that is nearly over is told of, ten minutes ahead", () => {
  const ending = { ...running, lifetime_ends_at: "2026-11-22T12:09:00Z" };
  expect(lifeReminders([ending], who).map(({ text }) => text)).toEqual([
    "churn-model stops at 12:09 whatever happens: it reaches its longest life.",
  ]);
  expect(lifeReminders([{ ...ending, lifetime_ends_at: "2026-11-22T12:11:00Z" }], who)).toEqual([]);
  expect(lifeReminders([{ ...ending, owner: "kim" }], who)).toEqual([]);
});
