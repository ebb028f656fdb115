/** Why a session ended, as the service says it, with its times in the visitor's zone; pure. */
import type { Session } from "../api/types";
import { inOwnZone } from "../time/words";

export function endSentence({ explanation }: Session, now: number): string | undefined {
  return explanation ? inOwnZone(explanation.sentence, explanation.times, now) : undefined;
}
