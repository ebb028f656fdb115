import { describe, expect, test } from "vitest";

import type { Session, SessionPage } from "../api/types";
import { makeSession, stopped } from "../testing/sessions";
import {
  isNewsMissed,
  leftRows,
  patchRows,
  refreshRows,
  removeFromRows,
  rowsOf,
  settleRows,
  type Rows,
} from "./rows";

const a = makeSession({ id: "saaaaaaaaaaa", name: "a" });
const b = makeSession({ id: "sbbbbbbbbbbb", name: "b" });
const c = makeSession({ id: "sccccccccccc", name: "c" });

const page = (...items: Session[]): SessionPage => ({
  items,
  total: items.length,
  total_is_capped: false,
  next: null,
  prev: null,
});
const rows = (...items: Session[]): Rows => rowsOf(page(...items), 0);
const names = ({ items }: Rows) => items.map((session) => session.name).join("");
const patching = { tab: "active", fits: true, isFirstPage: true, mine: false, most: 20 } as const;
const refreshing = { tab: "active" as const, at: 1, ended: [] };

describe("an event", () => {
  test("replaces its row in place when it is newer", () => {
    const renamed = { ...b, name: "B", revision: 2 };
    const next = patchRows(rows(a, b, c), renamed, { ...patching, attended: true });
    expect(names(next)).toBe("aBc");
  });

  test("is dropped when it is older", () => {
    const old = rows(a, b);
    const older = { ...a, name: "old", revision: 0 };
    expect(patchRows(old, older, { ...patching, attended: false })).toBe(old);
  });

  test("with the same revision still brings the progress of a start", () => {
    const progress = { percent: 60, stage: "waiting" };
    const next = patchRows(rows(a), { ...a, progress }, { ...patching, attended: true });
    expect(next.items[0]?.progress).toEqual(progress);
  });

  test("of an end leaves the row where it is and counts one less", () => {
    const next = patchRows(rows(a, b), stopped(a), { ...patching, fits: false, attended: false });
    expect(names(next)).toBe("ab");
    expect(next.items[0]?.state).toBe("stopped");
    expect(next.total).toBe(1);
  });

  test("of a new session waits while somebody looks at the rows", () => {
    const next = patchRows(rows(a), b, { ...patching, attended: true });
    expect(names(next)).toBe("a");
    expect(next.waiting).toEqual([b]);
    expect(names(settleRows(next, "active"))).toBe("ba");
  });

  test("of a new session enters on top when nobody looks, or when it is mine", () => {
    expect(names(patchRows(rows(a), b, { ...patching, attended: false }))).toBe("ba");
    expect(names(patchRows(rows(a), b, { ...patching, attended: true, mine: true }))).toBe("ba");
  });

  test("of a session that does not fit, or on a later page, changes nothing", () => {
    const old = rows(a);
    expect(patchRows(old, b, { ...patching, fits: false, attended: false })).toBe(old);
    expect(patchRows(old, b, { ...patching, isFirstPage: false, attended: false })).toBe(old);
  });

  test("of a waiting session keeps one copy, the newest", () => {
    const once = patchRows(rows(a), b, { ...patching, attended: true });
    const twice = patchRows(once, { ...b, revision: 2 }, { ...patching, attended: true });
    expect(twice.waiting).toEqual([{ ...b, revision: 2 }]);
    expect(twice.total).toBe(2);
  });
});

describe("a refresh", () => {
  test("keeps an ended row in its place until the list is asked anew", () => {
    const old = patchRows(rows(a, b, c), stopped(b), { ...patching, fits: false, attended: false });
    const next = refreshRows(old, page(a, c), { ...refreshing, attended: false });
    expect(names(next)).toBe("abc");
    expect(names(settleRows(next, "active"))).toBe("ac");
  });

  test("tells how a row ended that left without an event", () => {
    const ended = [stopped(b)];
    const next = refreshRows(rows(a, b), page(a), { ...refreshing, ended, attended: false });
    expect(next.items.map((session) => session.state)).toEqual(["running", "stopped"]);
  });

  test("moves nothing while somebody looks, and says what is new", () => {
    const next = refreshRows(rows(a, b), page(c, b, a), { ...refreshing, attended: true });
    expect(names(next)).toBe("ab");
    expect(next.waiting.map((session) => session.name)).toEqual(["c"]);
  });

  test("takes the service's order when nobody looks", () => {
    const next = refreshRows(rows(a, b), page(c, b, a), { ...refreshing, attended: false });
    expect(names(next)).toBe("cba");
  });

  test("does not undo a newer event", () => {
    const newer = { ...a, name: "A", revision: 5 };
    const old = patchRows(rows(a), newer, { ...patching, attended: false });
    expect(names(refreshRows(old, page(a), { ...refreshing, attended: false }))).toBe("A");
  });
});

describe("a refresh doubts the stream", () => {
  test("when it brings something newer than the page ever heard", () => {
    expect(isNewsMissed(rows(a, b), page(a, { ...b, revision: 2 }))).toBe(true);
    expect(isNewsMissed(rows(a), page(a, { ...c, revision: 2 }))).toBe(true);
  });

  test("but not for old rows that moved up from another page", () => {
    expect(isNewsMissed(rows(a), page(a, c))).toBe(false);
    expect(isNewsMissed(undefined, page(a))).toBe(false);
  });
});

describe("a session that is no longer visible", () => {
  test("stays as a row that says so, until the list is asked anew", () => {
    const next = removeFromRows(rows(a, b), a.id);
    expect(names(next)).toBe("ab");
    expect(next.gone).toEqual([a.id]);
    expect(removeFromRows(next, a.id)).toBe(next);
    expect(names(settleRows(next, "active"))).toBe("b");
  });
});

describe("rows that nobody looks at", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => makeSession({ id: `s${at}`, name: `${at} ` }));
  const nobody = { ...patching, attended: false } as const;

  test("do not grow without end, whatever starts and ends", () => {
    let old = rows();
    for (const session of many(500)) {
      old = patchRows(old, session, nobody);
      const ended_at = `2026-11-21T12:${String(100 + Number(session.name))}`;
      old = patchRows(old, { ...stopped(session), ended_at }, { ...nobody, fits: false });
    }
    expect(old.items.map(({ id }) => id)).toEqual(
      many(500)
        .slice(-20)
        .reverse()
        .map(({ id }) => id),
    );
    expect(refreshRows(old, page(a), { ...refreshing, attended: false }).items).toHaveLength(21);
  });

  test("stay within a page and what may be over", () => {
    let old = rows();
    for (const session of many(500)) old = patchRows(old, session, nobody);
    expect(old.items).toHaveLength(40);
    expect(old.items[0]?.id).toBe("s499");
    expect(old.total).toBe(500);
  });

  test("that somebody looks at all stay", () => {
    let old = rows(...many(30));
    for (const session of many(30)) {
      old = patchRows(old, stopped(session), { ...patching, fits: false, attended: true });
    }
    expect(old.items).toHaveLength(30);
  });
});

describe("how rows ended is asked", () => {
  const full = (...items: Session[]) => ({ ...page(...items), next: "more" });
  const left = (old: Rows, now: SessionPage) => leftRows(old, now).map(({ name }) => name);

  test("when an active row is no longer listed", () => {
    expect(left(rows(a, b, c), page(a, c))).toEqual(["b"]);
    expect(left(rows(a, b), full(c, b))).toEqual(["a"]);
  });

  test("but not for what the visitor may no longer see, nor for what is known to be over", () => {
    expect(left(removeFromRows(rows(a, b), a.id), page(b))).toEqual([]);
    expect(left(rows(stopped(a), b), page(b))).toEqual([]);
  });

  test("nor for rows that a full page pushed to the next one", () => {
    expect(left(rows(a, b), full(c, a))).toEqual([]);
    expect(left(rows(c, a, b), full(c, a))).toEqual([]);
    expect(left(rows(a, b), page(c, a))).toEqual(["b"]);
  });
});
