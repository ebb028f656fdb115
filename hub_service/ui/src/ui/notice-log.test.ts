import { expect, test } from "vitest";

import { isKept, mergeNotice, newsSince, type Notice } from "./notice-log";

function notice(id: number, change: Partial<Notice> = {}): Notice {
  const text = `notice ${id}`;
  return { id, text, tone: "plain", action: null, subject: text, at: id, isNews: false, ...change };
}

test("what is told anew about the same takes the earlier one's place, at the end", () => {
  const all = [notice(1, { subject: "a" }), notice(2), notice(3)].reduce<Notice[]>(
    (log, each) => mergeNotice(log, each),
    [],
  );
  expect(mergeNotice(all, notice(4, { subject: "a" })).map(({ id }) => id)).toEqual([2, 3, 4]);
});

test("the last fifty are kept", () => {
  let log: Notice[] = [];
  for (let id = 1; id <= 60; id += 1) log = mergeNotice(log, notice(id));
  expect(log.map(({ id }) => id).slice(0, 1)).toEqual([11]);
  expect(log).toHaveLength(50);
});

test("what has a button, went wrong or is news stays; the rest is only a toast", () => {
  const action = { label: "Undo", run: () => undefined };
  expect(isKept(notice(1))).toBe(false);
  expect(
    [{ action }, { tone: "error" as const }, { isNews: true }].map((change) =>
      isKept(notice(1, change)),
    ),
  ).toEqual([true, true, true]);
});

test("only news are counted as new, until they are seen", () => {
  const log = [notice(1, { isNews: true }), notice(2), notice(3, { isNews: true })];
  expect([newsSince(log, 0), newsSince(log, 1), newsSince(log, 3)]).toEqual([2, 1, 0]);
});
