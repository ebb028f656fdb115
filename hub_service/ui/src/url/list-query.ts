/** The filters, sort and page of a tab, as they stand in the address and as the API takes them. */
import type { Tab } from "./routes";

export interface ListQuery {
  q: string;
  owner: string[];
  environment: string[];
  drive: string[];
  billing_project: string[];
  state: string[];
  sort: string;
  limit: number | null;
  cursor: string;
  page: number;
}

export type FilterName = "owner" | "environment" | "drive" | "billing_project" | "state";
export const FILTERS: readonly FilterName[] = [
  "owner",
  "environment",
  "drive",
  "billing_project",
  "state",
];

export const PAGE_SIZES: readonly number[] = [20, 50, 100];
export const DEFAULT_LIMIT = 20;

/** The statuses that the filter of each tab offers. */
export const TAB_STATES: Record<Tab, readonly string[]> = {
  active: ["pending", "in progress", "cancelling", "failing"],
  history: ["done", "cancelled", "failed", "cancelling", "failing"],
};

/** The order of each tab without a choice: newest first. */
export const DEFAULT_SORT: Record<Tab, string> = { active: "-started_at", history: "-started_at" };

export function parseListQuery(search: string): ListQuery {
  const given = new URLSearchParams(search);
  const limit = Number(given.get("limit"));
  const page = Number(given.get("page"));
  const every = (name: string) => [...new Set(given.getAll(name).filter(Boolean))];
  return {
    q: given.get("q") ?? "",
    owner: every("owner"),
    environment: every("environment"),
    drive: every("drive"),
    billing_project: every("billing_project"),
    state: every("state"),
    sort: given.get("sort") ?? "",
    limit: PAGE_SIZES.includes(limit) ? limit : null,
    cursor: given.get("cursor") ?? "",
    page: given.get("cursor") && page > 1 ? Math.floor(page) : 1,
  };
}

/** Return the query string for the address bar, with `?`, or "" when nothing is chosen. */
export function formatListQuery(query: ListQuery): string {
  const out = new URLSearchParams();
  if (query.q) out.set("q", query.q);
  for (const name of FILTERS) for (const value of query[name]) out.append(name, value);
  if (query.sort) out.set("sort", query.sort);
  if (query.limit) out.set("limit", String(query.limit));
  if (query.cursor) {
    out.set("cursor", query.cursor);
    if (query.page > 1) out.set("page", String(query.page));
  }
  const text = out.toString();
  return text ? `?${text}` : "";
}

/** Return the query string of `GET sessions` for a tab; the keys are in a fixed order. */
export function toApiQuery(tab: Tab, query: ListQuery, pageSize: number): string {
  const out = new URLSearchParams({ tab });
  if (query.q.trim()) out.set("q", query.q.trim());
  for (const name of FILTERS) for (const value of query[name]) out.append(name, value);
  out.set("sort", query.sort || DEFAULT_SORT[tab]);
  out.set("limit", String(query.limit ?? pageSize));
  if (query.cursor) out.set("cursor", query.cursor);
  return out.toString();
}

/** Return whether two API queries ask the same, whatever the order of their keys. */
export function isSameApiQuery(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(query: string): string {
  const given = new URLSearchParams(query);
  const tab: Tab = given.get("tab") === "history" ? "history" : "active";
  if (!given.get("sort")) given.set("sort", DEFAULT_SORT[tab]);
  if (!given.get("limit")) given.set("limit", String(DEFAULT_LIMIT));
  const pairs = [...given].filter(([name, value]) => value && name !== "page" && name !== "panel");
  return pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
}

/** Change a query by hand: every change goes back to page 1. */
export function withChange(query: ListQuery, change: Partial<ListQuery>): ListQuery {
  return { ...query, cursor: "", page: 1, ...change };
}

export function withoutFilters(query: ListQuery): ListQuery {
  const none = Object.fromEntries(FILTERS.map((name) => [name, []]));
  return withChange(query, { q: "", ...none });
}

export function filterCount(query: ListQuery): number {
  const chosen = FILTERS.filter((name) => query[name].length > 0).length;
  return chosen + (query.q.trim() ? 1 : 0);
}
