/** Paths of the page below its base: parsed from and made for the address bar. */
import type { DoorName } from "../api/types";

export type Tab = "active" | "history";
/** The parts of the details; one that is not shown yet leads to the overview. */
export type DetailsPart = "overview" | (typeof DETAILS_PARTS)[number];
const DETAILS_PARTS = ["story", "logs", "yaml"] as const;

/** What can be opened of a session: a door, or one of its ports by number. */
export type Door = DoorName | number;

export type Place =
  | { at: "list"; tab: Tab }
  | { at: "new" }
  | { at: "details"; id: string; part: DetailsPart }
  | { at: "status"; id: string }
  | { at: "open"; id: string; door: Door }
  | { at: "drives"; name: string | null }
  | { at: "nowhere" };

const ID = /^s[a-z2-7]{11}$/;
const DOORS: readonly string[] = ["lab", "code", "shell"];

/** Return the place of a path relative to the base, such as `s/sabc…/status`. */
export function placeOf(path: string): Place {
  const [first = "", second = "", third = "", ...rest] = path.replace(/\/+$/, "").split("/");
  if (first === "open" && third === "port") return portPlace(second, rest);
  if (rest.length > 0) return NOWHERE;
  if (first === "drives") return third === "" ? drivesPlace(second) : NOWHERE;
  if (second === "") return PLAIN[first] ?? NOWHERE;
  if (!ID.test(second)) return NOWHERE;
  if (first === "open" && DOORS.includes(third)) {
    return { at: "open", id: second, door: third as DoorName };
  }
  if (first !== "s") return NOWHERE;
  if (third === "status") return { at: "status", id: second };
  if (third === "") return { at: "details", id: second, part: "overview" };
  const part = DETAILS_PARTS.find((each) => each === third);
  return part ? { at: "details", id: second, part } : NOWHERE;
}

function portPlace(id: string, [number = "", ...rest]: string[]): Place {
  const isPort = /^[1-9]\d{0,4}$/.test(number) && Number(number) <= 65_535;
  if (!ID.test(id) || !isPort || rest.length > 0) return NOWHERE;
  return { at: "open", id, door: Number(number) };
}

function drivesPlace(name: string): Place {
  try {
    return { at: "drives", name: decodeURIComponent(name) || null };
  } catch {
    return NOWHERE;
  }
}

const NOWHERE: Place = { at: "nowhere" };
const PLAIN: Partial<Record<string, Place>> = {
  "": { at: "list", tab: "active" },
  history: { at: "list", tab: "history" },
  new: { at: "new" },
};

export const paths = {
  tab: (tab: Tab) => (tab === "active" ? "" : "history"),
  create: (query = "") => `new${query}`,
  clone: (id: string) => `new?clone=${id}`,
  details: (id: string) => `s/${id}`,
  story: (id: string) => `s/${id}/story`,
  part: (id: string, part: DetailsPart) => (part === "overview" ? `s/${id}` : `s/${id}/${part}`),
  rename: (id: string) => `s/${id}?rename=1`,
  /** The details, with focus on what keeps the session running longer. */
  keep: (id: string) => `s/${id}?keep=1`,
  status: (id: string) => `s/${id}/status`,
  drives: (name = "") => (name ? `drives/${encodeURIComponent(name)}` : "drives"),
  open: (id: string, door: Door) =>
    `open/${id}/${typeof door === "number" ? `port/${door}` : door}`,
};
