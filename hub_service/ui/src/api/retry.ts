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
