/** What a state of the gallery is made of. */
import type { Me, Session } from "../api/types";
import type { Preferences } from "../ui/preferences";
import type { Answers } from "./answers";
import type { Step } from "./steps";

/** One event of a stream: its type and what it carries. */
export type News = [type: string, data: unknown];

export interface State {
  /** Unique, and the same for good: pictures are called by it. */
  name: string;
  /** The path below the page's base, with its query. */
  path?: string;
  /** All sessions there are; lists, single ones and counts are answered from them. */
  sessions?: readonly Session[];
  /** The rows that come with the page itself; else the list is asked for. */
  first?: readonly Session[];
  /** What is answered otherwise than by default, by route. */
  answers?: Answers;
  /** What streams tell, by their path below `api/v1/`; "lost" is one that does not come about. */
  streams?: Record<string, readonly News[] | "lost">;
  preferences?: Partial<Preferences>;
  me?: Partial<Me>;
  /** Whatever else the browser keeps for the page, by key. */
  kept?: Record<string, unknown>;
  isOffline?: boolean;
  /** The service has no settings from the hub yet. */
  isEarly?: boolean;
  /** What a visitor does first. */
  steps?: readonly Step[];
  /** Words that stand there at the end, by which the state is known to be shown. */
  sees: string;
}
