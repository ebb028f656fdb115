/** Which failed reads are tried again, and how long the page waits before. */
import { ApiError } from "./client";

/** Refusals stay refusals; everything else is tried again, slower each time. */
export function isWorthRetrying(_failures: number, error: Error): boolean {
  return !(error instanceof ApiError && error.status >= 400 && error.status < 500);
}

/** 2, 4, 8 … 30 seconds, in milliseconds. */
export function patience(failures: number): number {
  return Math.min(30_000, 1000 * 2 ** (failures + 1));
}

/** No answer, or one of the proxy before a service or hub that is just restarting. */
function isAway(error: Error): boolean {
  return error instanceof ApiError && [0, 502, 503, 504].includes(error.status);
}

/** For mutations that do the same however often they are sent: again while nobody is there. */
export const whileAway = {
  retry: (failures: number, error: Error) => failures < 6 && isAway(error),
  retryDelay: (failures: number, error: Error) =>
    1000 * ((error instanceof ApiError && error.retryAfter) || 2 ** failures),
};
