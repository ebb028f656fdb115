/** Sessions for tests and for the gallery. */
import type { Session } from "../api/types";

const ALLOWED = {
  stop: true,
  extend: true,
  restart: "It is still there.",
  clone: true,
  rename: true,
  edit: true,
  open: true,
} as const;

/** Return a running session of anna; `change` says what is different. */
export function makeSession(change: Partial<Session> = {}): Session {
  const id = change.id ?? "s7k2mq4pedra";
  const urls = { lab: `/user/anna/${id}/lab`, code: null, shell: `/user/anna/${id}/bash/` };
  return {
    id,
    server: id,
    name: "churn-model",
    owner: "anna",
    email: "anna@example.org",
    state: "running",
    status: "in progress",
    cause: null,
    environment: "python",
    environment_title: "Python 3.12",
    environment_retired: false,
    image: null,
    drive: "default",
    extra_drives: [],
    resources: { cpu: "2", memory: "4Gi" },
    idle_timeout: 1800,
    expires_at: null,
    created_at: "2026-11-21T11:00:00.000Z",
    started_at: "2026-11-21T11:00:00.000Z",
    ready_at: "2026-11-21T11:00:01.300Z",
    ended_at: null,
    ended_by: null,
    origin: "new",
    parent: null,
    urls,
    access: { lab: { state: "ready" }, code: { state: "ready" }, shell: { state: "ready" } },
    allowed: ALLOWED,
    explanation: null,
    progress: null,
    idle: null,
    version: 1,
    revision: 1,
    ...change,
  };
}

/** The same session after it was stopped. */
export function stopped(session: Session): Session {
  return {
    ...session,
    state: "stopped",
    status: "cancelled",
    cause: "user",
    urls: null,
    ended_at: "2026-11-21T11:30:00.000Z",
    revision: session.revision + 1,
  };
}
