/** The schemas of the service's OpenAPI document; written by `make docs`, not by hand. */

export interface ActivityBody {
  used: (UsedLine)[];
  memory?: MemoryLine | null;
  doors?: DoorsLine | null;
  usage?: UsageLine | null;
}

export interface ActivityOut {
  idle: Record<string, unknown>;
}

export interface AdoptBody {
  owner: string;
  name: string;
  claim: string;
}

export interface BillingProjectList {
  items: (BillingProjectOut)[];
  total: number;
  next: string | null;
}

export interface BillingProjectOut {
  id: string;
  name: string;
  description: string;
  budget: string | null;
  spent: string | null;
  left: string | null;
  period_ends: string | null;
  state: "ok" | "warn" | "over" | null;
  on_over: "warn" | "stop" | null;
}

export interface Chronicle {
  items: (ChronicleLine)[];
}

export interface ChronicleLine {
  n: number;
  at: string;
  actor: string;
  actor_kind: "person" | "service" | "part";
  on_behalf_of: string | null;
  event: string;
  sentence: string;
  times: (TimeInSentence)[];
  data: Record<string, unknown>;
}

export interface CloneOut {
  request: Record<string, unknown>;
  changes: (Record<string, unknown>)[];
}

export interface CloudSql {
  instance: string;
  port?: number | null;
}

export interface DoorsLine {
  lab?: boolean | null;
  code?: boolean | null;
  shell?: boolean | null;
}

export interface DriveBody {
  name: string;
  size?: string | null;
  storage_class?: string | null;
}

export interface DriveChange {
  name?: string | null;
  size?: string | null;
}

export interface DriveList {
  items: (DriveOut)[];
  total: number;
  next: string | null;
}

export interface DriveOptions {
  size: string | null;
  size_max: string | null;
  total_used: string | null;
  total_max: string | null;
  grace_seconds: number;
  storage_class: string | null;
  storage_classes: (string)[];
}

export interface DriveOut {
  id: string;
  name: string;
  title: string;
  owner: string;
  is_default: boolean;
  size: string | null;
  grows_to: string | null;
  used: string | null;
  storage_class: string | null;
  access_mode: string | null;
  trouble: string | null;
  mounted_by: (Record<string, unknown>)[];
  created_at: string;
  last_used_at: string | null;
  deleted_at: string | null;
  allowed: Record<string, boolean | string>;
}

export interface EmptyBody {
}

export interface EnvironmentList {
  items: (EnvironmentOut)[];
  total: number;
  next: string | null;
}

export interface EnvironmentOut {
  name: string;
  title: string;
  description: string;
  is_default: boolean;
  image: string | null;
  ready_in_seconds: number | null;
  resources: Record<string, unknown>;
  choices: (Record<string, unknown>)[];
  doors: (string)[];
  idle_default: number;
  custom_image_allowed: boolean;
  allowed: boolean;
}

export interface Error {
  error: {
    code: string;
    message: string;
    id: string;
    nothing_happened?: boolean;
    fields?: Record<string, string>;
  };
}

export interface Explanation {
  sentence: string;
  short: string;
  times: (TimeInSentence)[];
  next: Record<string, unknown>;
}

export interface ExtendBody {
  seconds?: number | null;
  until?: string | null;
}

export interface ExtraDrive {
  drive: string;
  path: string;
  read_only?: boolean;
}

export interface InstanceList {
  items: (InstanceOut)[];
  total: number;
  next: string | null;
}

export interface InstanceOut {
  id: string;
  name: string;
  description: string;
  engine: string;
  port: number;
  service_account: string | null;
}

export interface LaunchBody {
  name?: string | null;
  environment: string;
  choices?: Record<string, string | Unlisted>;
  image?: string | null;
  idle_timeout: number;
  max_lifetime?: number | null;
  drive: string;
  extra_drives?: (ExtraDrive)[];
  resources?: Resources | null;
  secrets?: (Secret)[];
  service_account?: string | null;
  cloud_sql?: (CloudSql)[];
  ports?: (Port)[];
  billing_project?: string | null;
  visibility?: Visibility;
  collaborative?: boolean;
  env?: Record<string, string>;
  pod_overrides?: string | null;
  pod_spec?: string | null;
  cloned_from?: string | null;
}

export interface LaunchRequest {
  name?: string | null;
  environment: string;
  choices?: Record<string, string | Unlisted>;
  image?: string | null;
  idle_timeout?: number;
  max_lifetime?: number | null;
  drive?: string;
  extra_drives?: (ExtraDrive)[];
  resources?: Resources | null;
  secrets?: (Secret)[];
  service_account?: string | null;
  cloud_sql?: (CloudSql)[];
  ports?: (Port)[];
  billing_project?: string | null;
  visibility?: Visibility;
  collaborative?: boolean;
  env?: Record<string, string>;
  pod_overrides?: string | null;
  pod_spec?: string | null;
  cloned_from?: string | null;
}

export interface LimitsOut {
  sessions: Room;
  drives: Room;
}

export interface LogOut {
  container: string | null;
  containers: (string)[];
  lines: (string)[];
  is_kept: boolean;
}

export interface MeOut {
  name: string;
  email: string | null;
  admin: boolean;
  groups: (string)[];
  may: Record<string, boolean>;
  features: Record<string, Record<string, unknown>>;
  unsupported: Record<string, string>;
  idle: Record<string, unknown>;
  lifetime_max: number | null;
  extend_max: number;
  currency: string | null;
  sorts: (string)[];
  users_trust_each_other: boolean;
  isolates: boolean;
  server_time: string;
  build: string;
}

export interface MemoryLine {
  kills: number;
  kernels?: (string)[];
}

export interface OfferList {
  items: (OfferOut)[];
  total: number;
  next: string | null;
}

export interface OfferOut {
  id: string;
  name: string;
  description: string;
}

export interface PatchBody {
  version: number;
  name?: string | null;
  idle_timeout?: number | null;
  max_lifetime?: number | null;
}

export interface PodOut {
  yaml: string;
  default_yaml: string;
  diff: string;
  changes: number;
  overrides: (string)[];
  editable_yaml: string;
}

export interface PodSchemaOut {
}

export interface Port {
  number: number;
  protocol?: "TCP" | "UDP";
  name?: string | null;
}

export interface PreviewOut {
  checks: (Record<string, unknown>)[];
  limits: Record<string, unknown>;
  ready_in_seconds: number | null;
  cost: Record<string, unknown> | null;
  budget: Record<string, unknown> | null;
  pod: PodOut | null;
  calls: Record<string, string>;
}

export interface Resources {
  cpu?: string | null;
  memory?: string | null;
  gpu?: number | null;
}

export interface Room {
  used: number;
  max: number;
}

export interface Secret {
  name: string;
  as?: "env" | "files" | "both";
  path?: string | null;
}

export interface SecretList {
  items: (SecretOut)[];
  total: number;
  next: string | null;
}

export interface SecretOut {
  id: string;
  name: string;
  description: string;
  ways: (string)[];
}

export interface SessionOut {
  id: string;
  server: string;
  name: string;
  owner: string;
  email: string | null;
  state: "created" | "starting" | "provisioning" | "running" | "stopping" | "stopped" | "failed" | "archived";
  status: "pending" | "in progress" | "cancelling" | "failing" | "cancelled" | "done" | "failed";
  cause: string | null;
  environment: string;
  environment_title: string;
  environment_retired: boolean;
  image: string | null;
  drive: string;
  drive_id: string;
  choices: Record<string, unknown>;
  extra_drives: (Record<string, unknown>)[];
  resources: Size;
  secrets: (Record<string, unknown>)[];
  service_account: string | null;
  cloud_sql: (Record<string, unknown>)[];
  ports: (Record<string, unknown>)[];
  billing_project: string | null;
  visibility: Record<string, unknown>;
  collaborative: boolean;
  max_lifetime: number | null;
  env: Record<string, string>;
  custom_yaml: boolean;
  idle_timeout: number;
  idle: Record<string, unknown>;
  expires_at: string | null;
  lifetime_ends_at: string | null;
  used: UsedNow | null;
  created_at: string;
  started_at: string | null;
  ready_at: string | null;
  ended_at: string | null;
  ended_by: string | null;
  ended_by_kind: "person" | "service" | "part" | null;
  problem: string | null;
  cost: Record<string, unknown> | null;
  explanation: Explanation | null;
  progress: Record<string, unknown> | null;
  access: Record<string, unknown>;
  urls: Record<string, string | null> | null;
  allowed: Record<string, boolean | string>;
  origin: "new" | "clone" | "restart" | "reforge" | "template" | "hub";
  parent: string | null;
  archived: boolean;
  version: number;
  revision: number;
}

export interface SessionPage {
  items: (SessionOut)[];
  total: number;
  total_is_capped: boolean;
  next: string | null;
  prev: string | null;
}

export interface Size {
  cpu: string | null;
  memory: string | null;
  gpu: number | null;
}

export interface StopBody {
  reason?: string | null;
}

export interface TimeInSentence {
  text: string;
  at: string;
}

export interface Unlisted {
  unlisted: string;
}

export interface UsageLine {
  cpu?: number | null;
  memory: number;
}

export interface UsedLine {
  kind: "notebook" | "lab" | "code" | "shell" | "ssh" | "port";
  at?: string | null;
  busy?: boolean;
  sentence?: string;
}

export interface UsedNow {
  cpu: number | null;
  memory: number;
  at: string;
}

export interface Visibility {
  level?: "private" | "users" | "groups" | "everyone" | "link";
  may?: "use" | "look";
  users?: (string)[];
  groups?: (string)[];
  until?: string | null;
}
