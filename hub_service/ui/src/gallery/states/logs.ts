/** The drawer's tab Logs. */
import { endedBy } from "../causes";
import { idOf, running } from "../sessions";
import type { News, State } from "../state";

const ON = { features: { logs: { on: true } } };
const LINES = Array.from({ length: 60 }, (_, n) =>
  n % 7 === 3 ? `[W 14:01:${n}] ${"a long line of a log ".repeat(8)}` : `[I 14:01:${n}] ready`,
);
const part = (lines: string[], more: object = {}): News => [
  "lines",
  { lines, container: "notebook", containers: ["notebook", "cloud-sql-proxy"], ...more },
];
const ENDED = endedBy("crashed");

function logOf(name: string, news: readonly News[] | "lost", sees: string): State {
  const session = running({ id: idOf(3), name: "prints-much" });
  return {
    name,
    path: `s/${session.id}/logs`,
    me: ON,
    sessions: [session],
    streams: { [`sessions/${session.id}/logs`]: news },
    sees,
  };
}

export const logs: State[] = [
  logOf("logs-followed", [part(LINES, { skipped: true })], "some lines are left out"),
  logOf("logs-empty", [part([])], "Nothing has been printed yet."),
  logOf("logs-lost", "lost", "cannot be reached right now"),
  {
    ...logOf("logs-found", [part(LINES)], "a long line"),
    steps: [{ see: "a long line" }, { fill: ["searchbox", "Find in the log", "ready"] }],
  },
  {
    name: "logs-kept",
    path: `s/${ENDED.id}/logs`,
    me: ON,
    sessions: [ENDED],
    answers: {
      "GET sessions/{id}/logs": {
        lines: ["Traceback (most recent call last):", "ModuleNotFoundError: ‘x’"],
        container: null,
        containers: [],
        is_kept: true,
      },
    },
    sees: "Only its last lines are kept.",
  },
];
