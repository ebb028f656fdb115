/** Sessions and environments for tests and for the gallery. */
import type { Environment, Session } from "../api/types";

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
    drive_id: "ddefault",
    choices: {},
    extra_drives: [],
    resources: { cpu: "2", memory: "4Gi", gpu: null },
    secrets: [],
    service_account: null,
    cloud_sql: [],
    ports: [],
    billing_project: null,
    visibility: { level: "private" },
    collaborative: false,
    max_lifetime: null,
    env: {},
    custom_yaml: false,
    cost: null,
    problem: null,
    archived: false,
    idle_timeout: 1800,
    expires_at: null,
    lifetime_ends_at: null,
    used: null,
    created_at: "2026-11-21T11:00:00.000Z",
    started_at: "2026-11-21T11:00:00.000Z",
    ready_at: "2026-11-21T11:00:01.300Z",
    ended_at: null,
    ended_by: null,
    ended_by_kind: null,
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

/** Return an environment; `change` says what is different. */
export function makeEnvironment(change: Partial<Environment> = {}): Environment {
  return {
    name: "python",
    title: "Python 3.12",
    description: "",
    is_default: true,
    image: null,
    ready_in_seconds: null,
    resources: {},
    choices: [],
    doors: ["lab", "code", "shell"],
    idle_default: 900,
    custom_image_allowed: false,
    allowed: true,
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
