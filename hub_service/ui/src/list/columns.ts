/** The columns of both tabs: their order, which are shown at first, and what they sort by. */
import { texts } from "../texts";
import type { Preferences } from "../ui/preferences";
import type { ListQuery } from "../url/list-query";
import type { Tab } from "../url/routes";

export type ColumnKey =
  | "id"
  | "access"
  | "status"
  | "ended_because"
  | "drive"
  | "environment"
  | "stops"
  | "image"
  | "email"
  | "billing_project"
  | "service_account"
  | "start"
  | "end"
  | "ports"
  | "duration"
  | "origin"
  | "size";

type Use = "fixed" | "shown" | "hidden" | "absent";

interface Column {
  key: ColumnKey;
  title: string;
  /** The title in History, where it is another one. */
  past?: string;
  active: Use;
  history: Use;
  sort?: string;
}

const { columns: t } = texts;

const COLUMNS: readonly Column[] = [
  { key: "id", title: t.id, active: "fixed", history: "fixed", sort: "name" },
  { key: "access", title: t.access, active: "shown", history: "absent" },
  { key: "status", title: t.status, active: "shown", history: "hidden" },
  { key: "ended_because", title: t.ended_because, active: "absent", history: "shown" },
  { key: "drive", title: t.drive, active: "shown", history: "shown", sort: "drive" },
  {
    key: "environment",
    title: t.environment,
    active: "shown",
    history: "shown",
    sort: "environment",
  },
  { key: "stops", title: t.stops, active: "shown", history: "absent", sort: "ends_at" },
  { key: "image", title: t.image, active: "hidden", history: "hidden" },
  { key: "email", title: t.email, active: "hidden", history: "hidden" },
  { key: "billing_project", title: t.billing_project, active: "hidden", history: "hidden" },
  { key: "service_account", title: t.service_account, active: "hidden", history: "hidden" },
  { key: "start", title: t.start, active: "shown", history: "shown", sort: "started_at" },
  { key: "end", title: t.end, active: "absent", history: "shown", sort: "ended_at" },
  { key: "ports", title: t.ports, active: "hidden", history: "hidden" },
  { key: "duration", title: t.duration, active: "hidden", history: "hidden" },
  { key: "origin", title: t.origin, active: "hidden", history: "hidden" },
  { key: "size", title: t.size, past: t.pastSize, active: "hidden", history: "hidden" },
];

export function columnsOf(tab: Tab): Column[] {
  const here = COLUMNS.filter((column) => column[tab] !== "absent");
  return tab === "active"
    ? here
    : here.map((column) => ({ ...column, title: column.past ?? column.title }));
}

/** Email shows itself while the list may hold other people's sessions. */
export function isShown(column: Column, tab: Tab, chosen: Preferences, isOfOthers: boolean) {
  if (column[tab] === "fixed") return true;
  const choice = chosen.columns[tab]?.[column.key];
  return choice ?? (column[tab] === "shown" || (column.key === "email" && isOfOthers));
}

/** Whether a list may hold other people's sessions. */
export function withOthers({ owner }: Pick<ListQuery, "owner">, me: string): boolean {
  return owner.some((each) => each !== me);
}

/** Only sorts that the service lists are offered. */
export function sortOf(column: Column, sorts: readonly string[]): string | null {
  return column.sort && sorts.includes(column.sort) ? column.sort : null;
}

export type { Column };
