/** One press of Create: sent until it is answered or the form is closed; pure. */
import { ApiError } from "../api/client";
import { whileAway } from "../api/retry";

/** The form was closed before it was sent again. */
export class GivenUp extends Error {}

export class Attempt {
  /** Whether the form was closed; then it is not sent any more. */
  isClosed = false;
  #isOnItsWay = false;
  #isInDoubt = false;

  async send<T>(call: () => Promise<T>): Promise<T> {
    if (this.isClosed) throw new GivenUp();
    this.#isOnItsWay = true;
    try {
      return await call();
    } catch (error) {
      this.#isInDoubt ||= isInDoubt(error);
      throw error;
    } finally {
      this.#isOnItsWay = false;
    }
  }

  mayRetry(failures: number, error: Error): boolean {
    if (this.isClosed) return false;
    return whileAway.retry(failures, error) || (isTooMany(error) && failures < 6);
  }

  /** Send it no more. Returns whether it may have started and no answer will come. */
  close(): boolean {
    this.isClosed = true;
    return this.#isInDoubt && !this.#isOnItsWay;
  }
}

/** Whether a call may have done its work although it failed. */
export function isInDoubt(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.nothingHappened) return false;
  return error.status === 0 || error.status >= 500;
}

function isTooMany(error: Error): boolean {
  return error instanceof ApiError && error.status === 429;
}
