/** When a list is asked for again; pure. */
import { isUnderWay } from "../live/fits";
import type { LiveState } from "../live/Live";
import type { Rows } from "../live/rows";

/**
 * The milliseconds until then; false while updates are paused. News change the rows and with each of
 * them the wait is counted anew, so it is counted from the last answer, `age` milliseconds ago.
 */
export function refreshIn(state: LiveState, rows: Rows | undefined, age: number): number | false {
  if (state === "paused") return false;
  const isWaited = rows?.items.some(isUnderWay) ?? false;
  const wait = state === "lost" && isWaited ? 5000 : 30_000;
  return Math.max(SOONEST, wait - age);
}

const SOONEST = 1000;
