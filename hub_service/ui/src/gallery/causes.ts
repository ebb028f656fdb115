/** Each cause of an end with its words, as the service says them (page.md, section 19). */
import type { NextAction, Session, Status } from "../api/types";
import { ended, idOf } from "./sessions";

type Cause = [
  cause: string,
  status: Status,
  short: string,
  sentence: string,
  label: string,
  action: NextAction,
];

const CAUSES: Cause[] = [
  ["user", "cancelled", "stopped by you", "You stopped it.", "Start again", "restart"],
  [
    "admin",
    "cancelled",
    "stopped by kim",
    "kim (administrator) stopped it: ‘node maintenance’.",
    "Start again",
    "restart",
  ],
  [
    "idle",
    "done",
    "idle for 30 min",
    "Nobody used it for 30 min, so it stopped at 14:01. Files on drives are kept.",
    "Start again with 1 h",
    "restart",
  ],
  [
    "lifetime",
    "done",
    "longest life of 12 h",
    "It reached its longest life of 12 h.",
    "Start again",
    "restart",
  ],
  [
    "exited",
    "done",
    "ended by itself",
    "The program inside ended by itself (exit code 0).",
    "Start again",
    "restart",
  ],
  [
    "crashed",
    "failed",
    "crashed (exit code 1)",
    "The program inside crashed (exit code 1) 3 s after its start. Its last lines are below.",
    "See the last lines",
    "logs",
  ],
  [
    "out-of-memory",
    "failed",
    "out of memory",
    "It needed more memory than its 4 GiB.",
    "Start again with 8 GiB",
    "restart",
  ],
  [
    "node-lost",
    "failed",
    "machine went away",
    "The machine it ran on went away.",
    "Start again",
    "restart",
  ],
  [
    "image-pull",
    "failed",
    "image not fetched",
    "The image ‘registry.example.org/team/lab:3’ could not be fetched: the registry does not know it.",
    "Change the image",
    "clone",
  ],
  [
    "unschedulable",
    "failed",
    "no room",
    "No machine had room for 8 CPU, 64 GiB and 1 GPU within 10 min.",
    "Choose a size that fits now",
    "clone",
  ],
  [
    "volume",
    "failed",
    "drive not attached",
    "The drive ‘data’ could not be attached: gpu-train uses it on another machine.",
    "Choose another drive",
    "clone",
  ],
  [
    "quota",
    "failed",
    "limit used up",
    "The limit of your team is used up: memory 64 of 64 GiB.",
    "See what is running",
    "sessions",
  ],
  [
    "start-timeout",
    "failed",
    "not ready in time",
    "It was not ready after 5 min. It got as far as fetching the image.",
    "Start again",
    "restart",
  ],
  [
    "lost",
    "failed",
    "vanished",
    "It vanished without a report between 14:00 and 14:02. Files on drives are kept.",
    "Start again",
    "restart",
  ],
];

export const ENDS: Session[] = CAUSES.map(([cause, status, short, sentence, label, action], n) =>
  ended({
    id: idOf(n),
    name: `ended-${cause}`,
    cause,
    status,
    state: status === "failed" ? "failed" : "stopped",
    explanation: { short, sentence, times: [], next: { label, action } },
  }),
);

export function endedBy(cause: string): Session {
  const found = ENDS.find((session) => session.cause === cause);
  if (!found) throw new Error(`The gallery has no end by ${cause}.`);
  return found;
}
