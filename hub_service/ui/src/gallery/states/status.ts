/** The status dialog: each stage of a start, each group of failures, and the end. */
import { ENDS } from "../causes";
import { at } from "../examples";
import { ended, idOf, running, starting } from "../sessions";
import type { News, State } from "../state";

const STAGES: News[] = [
  stage("accepted", "Accepted", -20),
  stage("checked", "Checked", -19.9),
  stage("machine", "Machine found", -19.5),
  stage("drive", "Drive attached", -18.9),
  stage("image", "Fetching the image", -14),
];
const EVENTS: News[] = [
  ["pod-event", { at: at(-19.5), reason: "Scheduled", message: "to node pool gpu-a" }],
  ["pod-event", { at: at(-14), reason: "Pulling", message: "pytorch-gpu:2.9 (4.1 GiB)" }],
];
const CONTAINERS: News[] = [
  ["container", { name: "notebook", state: "waiting", ready: false, restarts: 0 }],
  ["container", { name: "cloud-sql-proxy", state: "running", ready: true, restarts: 2 }],
];
const LINES: News = [
  "lines",
  {
    lines: [
      "Traceback (most recent call last):",
      `  File "/srv/${"very/".repeat(30)}long.py", line 1, in <module>`,
      "ModuleNotFoundError: No module named ‘x’",
    ],
  },
];

function stage(name: string, message: string, seconds: number): News {
  return ["stage", { name, message, state: "running", started_at: at(seconds), ended_at: null }];
}

function started(name: string, known: readonly News[], change = {}): State {
  const session = starting({ ...change });
  return {
    name,
    path: `s/${session.id}/status`,
    sessions: [session],
    streams: { [`sessions/${session.id}/events`]: known },
    sees: "Starting gpu-train",
  };
}

const failures = ENDS.filter(({ status }) => status === "failed");

export const status: State[] = [
  started("status-accepted", STAGES.slice(0, 1), {
    progress: { percent: null, stage: "accepted", message: "Accepted", usual_seconds: null },
  }),
  started("status-fetching", [...STAGES, ...EVENTS, ...CONTAINERS]),
  started("status-in-trouble", [...STAGES, ...EVENTS], {
    created_at: at(-200),
    started_at: at(-200),
    progress: {
      percent: 60,
      stage: "image",
      message: "Fetching the image",
      usual_seconds: 40,
      trouble: "The image ‘team/lab:3’ could not be fetched so far: the registry does not answer.",
    },
  }),
  {
    ...started("status-stream-lost", []),
    streams: { "sessions/sgputrain222/events": "lost" },
  },
  {
    name: "status-ready",
    path: "s/s7k2mq4pedra/status",
    sessions: [running()],
    streams: { "sessions/s7k2mq4pedra/events": STAGES },
    sees: "Ready after",
  },
  {
    name: "status-cancelled",
    path: `s/${idOf(3)}/status`,
    sessions: [
      ended({
        id: idOf(3),
        name: "gpu-train",
        status: "cancelled",
        cause: "user",
        ready_at: null,
        explanation: {
          short: "cancelled by you",
          sentence: "You stopped it.",
          times: [],
          next: { label: "Start again", action: "restart" },
        },
      }),
    ],
    streams: { [`sessions/${idOf(3)}/events`]: STAGES },
    sees: "Start again",
  },
  ...failures.map((session): State => ({
    name: `status-failed-${session.cause ?? ""}`,
    path: `s/${session.id}/status`,
    sessions: [{ ...session, ready_at: null }],
    streams: { [`sessions/${session.id}/events`]: [...STAGES, ...EVENTS, LINES] },
    sees: session.explanation?.sentence ?? "",
  })),
  { name: "status-missing", path: `s/${idOf(7)}/status`, sees: "no such session" },
];
