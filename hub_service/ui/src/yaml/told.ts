/** What of a text's problems screen readers are told: another count, and not each pause; pure. */
import { texts } from "../texts";

/** What is known without a word when the editor opens. */
export const UNTOLD: string = texts.yaml.noProblems;

interface Found {
  problems: number;
  /** What is said when there are none. */
  silence: string;
  /** Whether the answer to this very text is there. */
  isSettled: boolean;
}

/** Return the words for what was found; those told last while the text is being looked at. */
export function tell(told: string, { problems, silence, isSettled }: Found): string {
  if (problems > 0) return texts.yaml.problemCount(problems);
  return isSettled ? silence : told;
}
