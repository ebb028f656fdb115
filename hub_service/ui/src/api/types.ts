/** The service's JSON as the contract has it (design.md section 7, page.md section 22). */

export type State =
  | "created"
  | "starting"
  | "provisioning"
  | "running"
  | "stopping"
  | "stopped"
  | "failed"
  | "archived";

export type Status =
  "pending" | "in progress" | "cancelling" | "failing" | "cancelled" | "done" | "failed";

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
}

export type NextAction = "restart" | "clone" | "drives" | "sessions" | "logs";

export interface Explanation {
  sentence: string;
  short: string;
  next?: { label: string; action: NextAction; changes?: Partial<LaunchRequest> } | null;
}

export interface Idle {
  state: "in-use" | "counting" | "warning" | "never" | "unknown";
  since?: string | null;
  last?: { kind: string; at: string } | null;
  ends_at?: string | null;
  held_by?: { kind: string; sentence: string }[];
  extended_until?: string | null;
  counted?: { kind: string; at: string | null; counts: boolean; sentence: string }[];
}

export interface Resources {
  cpu?: string | null;
  memory?: string | null;
  gpu?: number | null;
}

export interface ExtraDrive {
  drive: string;
  path: string;
  read_only: boolean;
}

/** `true`, or the sentence that says why not. */
export type Allowed = Record<string, true | string>;

export interface Session {
  id: string;
  server: string;
  name: string;
  owner: string;
  email: string | null;
  state: State;
  status: Status;
  cause: string | null;
  environment: string;
  environment_title?: string | null;
  environment_retired?: boolean;
  image: string | null;
  drive: string;
  extra_drives: ExtraDrive[];
  resources: Resources | null;
  idle_timeout: number;
  max_lifetime?: number | null;
  expires_at: string | null;
  lifetime_ends_at?: string | null;
  created_at: string;
  started_at: string | null;
  ready_at: string | null;
  ended_at: string | null;
  ended_by?: string | null;
  origin: "new" | "clone" | "restart" | "reforge" | "template" | "hub";
  parent: string | null;
  /** Null unless the session is starting, running or stopping. */
  urls: Partial<Record<DoorName, string | null>> | null;
  access: Partial<Record<DoorName, Door>>;
  allowed: Allowed;
  explanation: Explanation | null;
  progress: Progress | null;
  idle: Idle | null;
  version: number;
  revision: number;
}

export interface SessionPage {
  items: Session[];
  total: number;
  total_is_capped?: boolean;
  next: string | null;
  prev?: string | null;
}

export interface LaunchRequest {
  name?: string;
  environment: string;
  choices?: Record<string, string | { unlisted: string }>;
  image?: string | null;
  idle_timeout: number;
  drive: string;
  extra_drives?: ExtraDrive[];
  resources?: Resources;
  cloned_from?: string;
  env?: Record<string, string>;
  [field: string]: unknown;
}

export interface EnvironmentChoice {
  name: string;
  title: string;
  values: Record<string, string>;
  default: string | null;
  unlisted: string | null;
}

export interface Environment {
  name: string;
  title: string;
  description?: string;
  is_default?: boolean;
  image?: string | null;
  resources?: { default?: Resources; min?: Resources; max?: Resources };
  choices?: EnvironmentChoice[];
  ready_in_seconds?: number | null;
  idle_default?: number | null;
  retired?: { successor: string | null } | null;
  allowed?: true | string;
}

export interface Drive {
  id?: string;
  name: string;
  title?: string | null;
  size?: string | null;
  used?: string | null;
  owner: string;
  is_default: boolean;
  mounted_by?: { id: string; name: string; read_only?: boolean }[];
  last_used_at?: string | null;
}

export interface Limit {
  used: number;
  max: number | null;
}

export type Limits = Partial<Record<"sessions" | "cpu" | "memory" | "gpu" | "drives", Limit>>;

export interface Me {
  name: string;
  email?: string | null;
  admin: boolean;
  groups?: string[];
  may?: Record<string, boolean>;
  idle?: { presets?: number[]; default?: number; max?: number | null; may_be_never?: boolean };
  extend_max?: number | null;
  warn_before?: number;
  sorts?: string[];
  server_time?: string;
  build?: string;
}

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
}

export interface Preview {
  checks: Check[];
  limits?: { after?: Limits } | null;
  ready_in_seconds?: number | null;
}

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

export interface ChronicleLine {
  n: number;
  at: string;
  actor: string | null;
  on_behalf_of?: string | null;
  event: string;
  sentence: string;
}

export interface Stage {
  name: string;
  state: "waiting" | "running" | "done" | "failed";
  started_at?: string | null;
  ended_at?: string | null;
  message?: string | null;
}

export interface PodEvent {
  at?: string | null;
  reason?: string | null;
  message: string;
}
