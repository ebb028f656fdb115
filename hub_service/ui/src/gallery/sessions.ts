/** Sessions of the gallery: running, starting, ended. */
import type { Session } from "../api/types";
import { makeSession } from "../testing/sessions";
import { at } from "./examples";

const recent = { created_at: at(-3012), started_at: at(-3012), ready_at: at(-3010.7) };

/** A session that has run for fifty minutes; `change` says what is different. */
export function running(change: Partial<Session> = {}): Session {
  const idle = {
    state: "in-use" as const,
    held_by: [{ kind: "lab", sentence: "JupyterLab is open." }],
  };
  return makeSession({ ...recent, idle, ...change });
}

/** A session that has been starting for twelve seconds. */
export function starting(change: Partial<Session> = {}): Session {
  const door = { state: "starting" } as const;
  return makeSession({
    id: "sgputrain222",
    name: "gpu-train",
    environment: "pytorch",
    environment_title: "PyTorch GPU",
    drive: "data",
    drive_id: "ddata",
    resources: { cpu: "8", memory: "64Gi", gpu: 1 },
    state: "provisioning",
    status: "pending",
    created_at: at(-20),
    started_at: at(-20),
    ready_at: null,
    urls: { lab: null, code: null, shell: null },
    access: { lab: door, code: door, shell: door },
    progress: {
      percent: 60,
      stage: "waiting",
      message: "fetching the image",
      usual_seconds: 40,
      trouble: null,
    },
    ...change,
  });
}

/** A session that ended a minute ago. */
export function ended(change: Partial<Session> = {}): Session {
  const door = { state: "off", reason: "The session is not running." } as const;
  return makeSession({
    ...recent,
    state: "stopped",
    status: "done",
    cause: "idle",
    urls: null,
    access: { lab: door, code: door, shell: door },
    ended_at: at(-60),
    ended_by: "anna",
    ended_by_kind: "person",
    explanation: {
      short: "idle for 30 min",
      sentence: "Nobody used it for 30 min, so it stopped at 14:01. Files on drives are kept.",
      times: [],
      next: { label: "Start again with 1 h", action: "restart", changes: { idle_timeout: 3600 } },
    },
    ...change,
  });
}

/** The id of the session of this number. */
export function idOf(number: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  return `s${(letters[number % 26] ?? "a").repeat(10)}${letters[Math.floor(number / 26)] ?? "z"}`;
}
