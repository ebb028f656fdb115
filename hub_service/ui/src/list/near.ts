/** Whether what is drawn differs so little from what shall be that it may be drawn at once; pure. */
import type { Rows } from "../live/rows";
import type { Drawn } from "./useDrawn";

const FEW = 10;

export function isNear(before: Drawn, now: Drawn): boolean {
  if (before.tab !== now.tab || before.chosen.columns !== now.chosen.columns) return false;
  return before.rows !== undefined && now.rows !== undefined && areNear(before.rows, now.rows);
}

function areNear(before: Rows, { items }: Rows): boolean {
  const drawn = new Set(before.items);
  return items.filter((session) => !drawn.has(session)).length <= FEW;
}
