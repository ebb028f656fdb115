/** The columns of both tabs: their order, which are shown at first, and what they sort by. */
import { boot } from "../boot/boot";
import { texts } from "../texts";
import type { Preferences } from "../ui/preferences";
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
  | "start"
  | "end"
  | "duration"
  | "origin";

type Use = "fixed" | "shown" | "hidden" | "absent";

interface Column {
  key: ColumnKey;
  title: string;
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
  { key: "start", title: t.start, active: "shown", history: "shown", sort: "started_at" },
  { key: "end", title: t.end, active: "absent", history: "shown", sort: "ended_at" },
  { key: "duration", title: t.duration, active: "hidden", history: "hidden" },
  { key: "origin", title: t.origin, active: "hidden", history: "hidden" },
];

export function columnsOf(tab: Tab): Column[] {
  return COLUMNS.filter((column) => column[tab] !== "absent");
}

/** Email shows itself while the list may hold other people's sessions. */
export function isShown(column: Column, tab: Tab, chosen: Preferences, withOthers: boolean) {
  if (column[tab] === "fixed") return true;
  const choice = chosen.columns[tab]?.[column.key];
  return choice ?? (column[tab] === "shown" || (column.key === "email" && withOthers));
}

/** Only sorts that the service lists are offered. */
export function sortOf(column: Column): string | null {
  return column.sort && boot.me.sorts?.includes(column.sort) ? column.sort : null;
}

export type { Column };
