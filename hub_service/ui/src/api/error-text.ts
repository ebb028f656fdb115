/** The sentence for a call that failed (page.md, section 19). */
import { texts } from "../texts";
import { ApiError } from "./client";

export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return texts.errors.unexpected;
  const { status, message, id, nothingHappened } = error;
  if (status === 0) return texts.errors.unreachable;
  if (status === 401) return texts.errors.signedOut;
  if (status === 404) return message || texts.errors.missing;
  if (status === 413) return texts.errors.tooLarge;
  if (status === 429) return texts.errors.many(error.retryAfter);
  if (status === 502 || (status === 503 && !message)) return texts.errors.hubAway;
  if (status >= 500)
    return message && nothingHappened ? message : texts.errors.ours(id, nothingHappened);
  return message || texts.errors.unexpected;
}
