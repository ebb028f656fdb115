/**
 * The rows of a list and how news change them. Pure, so that the promise "a row never vanishes and
 * never moves under the pointer" is tested without a browser.
 */
import type { Session, SessionPage } from "../api/types";
import type { Tab } from "../url/routes";
import { belongsTo } from "./fits";

export interface Rows {
  items: Session[];
  total: number;
  capped: boolean;
  next: string | null;
  prev: string | null;
  /** New sessions that wait for "Show", because somebody looks at the rows. */
  waiting: Session[];
  /** Ids of rows that the visitor may no longer see. */
  gone: string[];
  /** When the rows were last known to be right, in milliseconds. */
  at: number;
}

export function rowsOf(page: SessionPage, at: number): Rows {
  return {
    items: page.items,
    total: page.total,
    capped: page.total_is_capped,
    next: page.next,
    prev: page.prev,
    waiting: [],
    gone: [],
    at,
  };
}

/**
 * Of two states of one session the newer one. Of equal revisions it is the one that came last:
 * progress and idle clock live in the service's memory and change without a revision.
 */
export function newerOf(known: Session | undefined, other: Session): Session {
  return known && known.revision > other.revision ? known : other;
}

/** Take in a page that was loaded again. `ended` are sessions that left the tab meanwhile. */
export function refreshRows(
  old: Rows | undefined,
  page: SessionPage,
  { tab, at, attended, ended }: { tab: Tab; at: number; attended: boolean; ended: Session[] },
): Rows {
  const fresh = rowsOf(page, at);
  if (!old) return fresh;
  const known = byId([...ended, ...old.waiting, ...old.items]);
  fresh.items = page.items.map((session) => newerOf(known.get(session.id), session));
  const now = byId(fresh.items);
  const left = byId(ended);
  const update = (session: Session) =>
    newerOf(session, now.get(session.id) ?? left.get(session.id) ?? session);
  fresh.gone = old.gone.filter((id) => !now.has(id));
  if (attended) {
    const shown = byId(old.items);
    fresh.items = old.items.map(update);
    fresh.waiting = [...now.values()].filter((session) => !shown.has(session.id));
    return fresh;
  }
  old.items.forEach((session, index) => {
    if (now.has(session.id)) return;
    const kept = update(session);
    const stays = !belongsTo(tab, kept) || fresh.gone.includes(kept.id);
    if (stays) fresh.items.splice(Math.min(index, fresh.items.length), 0, kept);
  });
  return withFewOver(fresh, tab);
}

/** Whether a page that was loaded again brings what the stream should have told before. */
export function isNewsMissed(old: Rows | undefined, page: SessionPage): boolean {
  if (!old) return false;
  const known = byId([...old.waiting, ...old.items]);
  const newest = Math.max(0, ...[...known.values()].map((session) => session.revision));
  return page.items.some(
    (session) => session.revision > (known.get(session.id)?.revision ?? newest),
  );
}

/**
 * The active rows that a page loaded again has no more: they ended, for all the page knows. What it
 * may no longer see is not asked for again, and a full page pushes its last rows to the next one.
 */
export function leftRows(old: Rows, page: SessionPage): Session[] {
  const listed = byId(page.items);
  const known = byId(old.items);
  const shown = old.items.filter(({ id }) => !old.gone.includes(id));
  const active = shown.filter((session) => belongsTo("active", session));
  const came = page.items.filter(({ id }) => !known.has(id)).length;
  let pushed = page.next ? came + Math.max(0, active.length - page.items.length) : 0;
  for (let last = active.at(-1); last && pushed > 0 && !listed.has(last.id); pushed -= 1) {
    active.pop();
    last = active.at(-1);
  }
  return active.filter(({ id }) => !listed.has(id));
}

interface Patching {
  tab: Tab;
  fits: boolean;
  isFirstPage: boolean;
  mine: boolean;
  attended: boolean;
  /** How many rows a page has. */
  most: number;
}

/** Take in one session from an event or an answer. */
export function patchRows(old: Rows, session: Session, patching: Patching): Rows {
  const next = patched(old, session, patching);
  return patching.attended || next === old ? next : withFewOver(next, patching.tab);
}

function patched(
  old: Rows,
  session: Session,
  { tab, fits, isFirstPage, mine, attended, most }: Patching,
): Rows {
  const index = old.items.findIndex((row) => row.id === session.id);
  const shown = old.items[index];
  if (shown) {
    if (shown.revision > session.revision) return old;
    const left = belongsTo(tab, shown) && !belongsTo(tab, session) ? 1 : 0;
    const gone = old.gone.filter((id) => id !== session.id);
    return { ...old, items: old.items.with(index, session), gone, total: old.total - left };
  }
  const held = old.waiting.findIndex((row) => row.id === session.id);
  if (held >= 0) {
    const waiting = fits ? old.waiting.with(held, session) : old.waiting.toSpliced(held, 1);
    return { ...old, waiting };
  }
  if (!fits || !isFirstPage) return old;
  const total = old.total + 1;
  if (!mine && attended) return { ...old, waiting: [session, ...old.waiting], total };
  const items = [session, ...old.items];
  // What is pushed off stands on the next page, as after a refresh.
  return { ...old, items: attended ? items : items.slice(0, most + MOST_OVER), total };
}

const MOST_OVER = 20;

/** Where nobody looks, rows that are over do not gather for hours: the last ones stay. */
function withFewOver(rows: Rows, tab: Tab): Rows {
  const over = rows.items.filter((row) => !belongsTo(tab, row) || rows.gone.includes(row.id));
  if (over.length <= MOST_OVER) return rows;
  const oldestFirst = over.toSorted((a, b) => (a.ended_at ?? "").localeCompare(b.ended_at ?? ""));
  const dropped = new Set(oldestFirst.slice(0, over.length - MOST_OVER));
  const items = rows.items.filter((row) => !dropped.has(row));
  const ids = new Set(items.map(({ id }) => id));
  return { ...rows, items, gone: rows.gone.filter((id) => ids.has(id)) };
}

/** The visitor may no longer see a session: its row stays and says so. */
export function removeFromRows(old: Rows, id: string): Rows {
  const waiting = old.waiting.filter((row) => row.id !== id);
  const isShown = old.items.some((row) => row.id === id) && !old.gone.includes(id);
  if (!isShown && waiting.length === old.waiting.length) return old;
  return { ...old, waiting, gone: isShown ? [...old.gone, id] : old.gone, total: old.total - 1 };
}

/** The visitor asked for the list anew: what left goes, what waited comes. */
export function settleRows(old: Rows, tab: Tab): Rows {
  const stays = old.items.filter((row) => belongsTo(tab, row) && !old.gone.includes(row.id));
  if (stays.length === old.items.length && old.waiting.length === 0) return old;
  return { ...old, items: [...old.waiting, ...stays], waiting: [], gone: [] };
}

function byId(sessions: Session[]): Map<string, Session> {
  return new Map(sessions.map((session) => [session.id, session]));
}
