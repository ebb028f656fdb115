/**
 * The service's JSON: what the OpenAPI document says (`schemas.ts`), made more particular where the
 * document has an open object.
 */
import type * as api from "./schemas";

type Refined<Said, Known> = Omit<Said, keyof Known> & Known;

export type State = api.SessionOut["state"];
export type Status = api.SessionOut["status"];

export type DoorName = "lab" | "code" | "shell";

export interface Door {
  state: "off" | "starting" | "ready" | "failed";
  reason?: string | null;
}

export interface Progress {
  percent: number | null;
  stage: string;
  message?: string | null;
  usual_seconds?: number | null;
  /** The sentence of what the start waits for, while it waits. */
  trouble?: string | null;
}

export type NextAction = "restart" | "clone" | "drives" | "sessions" | "logs";

export type NamedTime = api.TimeInSentence;

export interface Explanation {
  sentence: string;
  short: string;
  times: NamedTime[];
  next?: { label: string; action: NextAction; changes?: Partial<LaunchRequest> } | null;
}

export interface Idle {
  state: "in-use" | "counting" | "warning" | "never" | "unknown";
  since?: string | null;
  last?: { kind: string; at: string } | null;
  ends_at?: string | null;
  held_by?: { kind: string; sentence: string }[];
  extended_until?: string | null;
  /** Only in the details: one line a kind, `at` null for one that was not used yet. */
  counted?: {
    kind: string;
    at: string | null;
    busy?: boolean;
    counts: boolean;
    sentence: string;
  }[];
  /** Only in the details: when the session itself said last what uses it. */
  reported_at?: string | null;
}

/** `url` where the service says it; `address` is a name inside the cluster. */
export type Port = api.Port & { url?: string | null; address?: string | null };

export interface Used {
  cpu: number | null;
  memory: number | null;
  at: string;
}

export type Resources = Partial<api.Size>;

export interface ExtraDrive {
  drive: string;
  path: string;
  read_only: boolean;
}

/** `true`, or the sentence that says why not. */
export type Allowed = Record<string, true | string>;

export type Session = Refined<
  api.SessionOut,
  {
    extra_drives: ExtraDrive[];
    secrets: api.Secret[];
    cloud_sql: api.CloudSql[];
    /** Null unless the session is starting, running or stopping. */
    urls: Partial<Record<DoorName, string | null>> | null;
    access: Partial<Record<DoorName, Door>>;
    allowed: Allowed;
    explanation: Explanation | null;
    progress: Progress | null;
    idle: Idle | null;
    ports: Port[];
    /** What it takes now, where that is measured: CPUs, bytes of memory. */
    used?: Used | null;
  }
>;

export type SessionPage = Refined<api.SessionPage, { items: Session[] }>;

export interface LaunchRequest {
  name?: string;
  environment: string;
  choices?: Record<string, string | { unlisted: string }>;
  image?: string | null;
  idle_timeout: number;
  drive: string;
  extra_drives?: api.ExtraDrive[];
  resources?: Resources | null;
  secrets?: api.Secret[];
  service_account?: string | null;
  cloud_sql?: api.CloudSql[];
  ports?: api.Port[];
  billing_project?: string | null;
  max_lifetime?: number | null;
  cloned_from?: string;
  env?: Record<string, string>;
  pod_overrides?: string | null;
  pod_spec?: string | null;
  [field: string]: unknown;
}

export type SecretOffer = api.SecretOut;
export type AccountOffer = api.OfferOut;
export type InstanceOffer = api.InstanceOut;

export interface EnvironmentChoice {
  name: string;
  title: string;
  values: Record<string, string>;
  default: string | null;
  unlisted: string | null;
}

export type Environment = Refined<
  api.EnvironmentOut,
  {
    resources: { default?: Resources; min?: Resources; max?: Resources };
    choices: EnvironmentChoice[];
    retired?: { successor: string | null } | null;
    allowed: true | string;
  }
>;

export type Drive = Refined<
  api.DriveOut,
  { mounted_by: { id: string; name: string; read_only?: boolean }[] }
>;

/** A billing project; figures that are not known are null, and left out of every text. */
export type BillingProject = api.BillingProjectOut;

export interface Limit {
  used: number;
  max: number | null;
}

export type Limits = Partial<Record<"sessions" | "cpu" | "memory" | "gpu" | "drives", Limit>>;

export type Me = Refined<
  api.MeOut,
  {
    idle: { presets: number[]; default: number; max: number | null; may_be_never: boolean };
    warn_before?: number;
  }
>;

export interface CheckFix {
  label: string;
  changes: Partial<LaunchRequest>;
}

export interface Check {
  field?: string | null;
  path?: string | null;
  level: "error" | "warning" | "note";
  code: string;
  message: string;
  fixes?: CheckFix[];
  /** Of YAML: the line (from 1), and whose rule it is, in words. */
  line?: number | null;
  rule?: string;
}

export type Preview = Refined<
  api.PreviewOut,
  {
    checks: Check[];
    limits: { after?: Limits } | null;
  }
>;

export interface FieldChange {
  field: string;
  was?: unknown;
  now?: unknown;
  reason: string;
}

export interface Clone {
  request: LaunchRequest;
  changes: FieldChange[];
}

export type ChronicleLine = api.ChronicleLine;

/** What happened in a session that goes on, for its owner. */
export interface SessionNotice {
  kind: string;
  session: string;
  sentence: string;
  action: { label: string; action: "story" };
}

export interface Stage {
  name: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  started_at?: string | null;
  ended_at?: string | null;
  message?: string | null;
}

export interface PodEvent {
  at?: string | null;
  reason?: string | null;
  message: string;
}
