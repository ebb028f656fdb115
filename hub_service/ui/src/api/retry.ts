/** Which failed reads are tried again, and how long the page waits before. */
import { ApiError } from "./client";

/** Refusals stay refusals; everything else is tried again, slower each time. */
export function isWorthRetrying(_failures: number, error: Error): boolean {
  return !(error instanceof ApiError && error.status >= 400 && error.status < 500);
}

/** The same, but not for ever: somebody waits for it, and is told soon that it cannot be had. */
export function isWorthWaiting(failures: number, error: Error): boolean {
  return failures < 3 && isWorthRetrying(failures, error);
}

/** Somebody was told that it could not be had: it is asked for again, in case it is there now. */
export function whileMissing({ state }: { state: { error: Error | null } }): number | false {
  return state.error && isWorthRetrying(0, state.error) ? 10_000 : false;
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
