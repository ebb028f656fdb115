/** Sessions, starts and clocks in every state that the components can show. */
import { ApiError } from "../api/client";
import type { Session, Stage, Status } from "../api/types";
import { makeSession } from "../testing/sessions";

const now = Date.now();
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const LONG = "a-name-that-is-as-long-as-names-may-be-x";

export const STATUSES: Status[] = [
  "pending",
  "in progress",
  "cancelling",
  "failing",
  "cancelled",
  "done",
  "failed",
];

const starting = { state: "starting" } as const;
const off = { state: "off", reason: "VS Code is not installed on this hub." } as const;
const broken = { state: "failed", reason: "JupyterLab did not answer for 60 s." } as const;
const idle = { state: "counting", ends_at: at(700), last: { kind: "lab", at: at(-200) } } as const;
const recent = { created_at: at(-3000), started_at: at(-3000), ready_at: at(-2999) };

export const ACTIVE: Session[] = [
  makeSession({
    ...recent,
    id: "saaaaaaaaaaa",
    name: "starting-now",
    state: "provisioning",
    status: "pending",
    created_at: at(-12),
    started_at: at(-12),
    ready_at: null,
    access: { lab: starting, code: starting, shell: starting },
    progress: {
      percent: 60,
      stage: "waiting",
      message: "Waiting for the server",
      usual_seconds: 9,
      trouble: "The image ‘team/lab:3’ could not be fetched so far: the registry does not answer.",
    },
  }),
  makeSession({ ...recent, id: "sbbbbbbbbbbb", name: "counting", idle, expires_at: at(700) }),
  makeSession({
    ...recent,
    id: "sccccccccccc",
    name: LONG,
    drive: LONG,
    extra_drives: [{ drive: "data", path: "/data", read_only: true }],
    access: { lab: { state: "ready" }, code: off, shell: broken },
    idle: {
      state: "in-use",
      held_by: [{ kind: "notebook", sentence: "The kernel of train.ipynb is busy." }],
    },
  }),
  makeSession({ ...recent, id: "sddddddddddd", name: "never", idle: { state: "never" } }),
  makeSession({
    ...recent,
    id: "seeeeeeeeeee",
    name: "stopping-now",
    state: "stopping",
    status: "cancelling",
    urls: null,
    access: { lab: { state: "off", reason: "The session is not running." } },
  }),
];

export const ENDED: Session[] = [
  ended("sfffffffffff", "idle", "done", "idle for 30 min", "Nobody used it for 30 min."),
  ended("sggggggggggg", "crashed", "failed", "crashed (exit code 1)", "It crashed (exit code 1)."),
  ended("shhhhhhhhhhh", "user", "cancelled", "stopped by you", "You stopped it."),
];

function ended(id: string, cause: string, status: Status, short: string, sentence: string) {
  return makeSession({
    ...recent,
    id,
    cause,
    status,
    name: short,
    state: status === "failed" ? "failed" : "stopped",
    urls: null,
    ended_at: at(-60),
    explanation: { short, sentence, times: [], next: { label: "Start again", action: "restart" } },
  });
}

export const STAGES: Stage[] = [
  { name: "created", state: "done", started_at: at(-12), message: "Accepted" },
  { name: "drive", state: "done", started_at: at(-11.8), message: "Preparing the drive" },
  { name: "waiting", state: "running", started_at: at(-11), message: "Waiting for the server" },
];

export const PROBLEMS = [
  new ApiError(500, { error: { id: "7f3a" } }),
  new ApiError(503, {}),
  new ApiError(401, {}),
  new ApiError(0, {}),
  new ApiError(422, { error: { message: "sort: Choose one of the list." } }),
];
