/** What there is in the gallery: a visitor, a moment, environments, drives and a story. */
import type { ChronicleLine, Drive, Environment, Limits, Me, Preview } from "../api/types";
import type * as api from "../api/schemas";
import { makeEnvironment } from "../testing/sessions";

export const NOW = Date.parse("2026-11-21T14:02:10Z");
export const at = (seconds: number) => new Date(NOW + 1000 * seconds).toISOString();

export const LONG_NAME = "a-name-that-is-as-long-as-names-may-be-x";
export const LONG_DRIVE = "a-drive-whose-name-is-as-long-as-allowed";
export const LONG_TITLE = "An environment whose title an administrator wrote at great length";
const NO_BREAK = "m".repeat(40);
export const LONGEST = [LONG_NAME, NO_BREAK] as const;

export const ME: Me = {
  name: "anna",
  email: "anna@example.org",
  admin: false,
  groups: ["team"],
  may: { publish: false, custom_image: true, pod_spec: true, admin: false },
  features: {},
  unsupported: {},
  idle: {
    presets: [900, 1800, 3600, 7200, 43_200, 86_400, -1],
    default: 900,
    max: 43_200,
    may_be_never: false,
  },
  warn_before: 300,
  lifetime_max: null,
  extend_max: 43_200,
  currency: null,
  sorts: ["name", "environment", "drive", "started_at", "ended_at", "ends_at"],
  users_trust_each_other: false,
  isolates: true,
  server_time: new Date(NOW).toISOString(),
  build: "",
};

export const ENVIRONMENTS: Environment[] = [
  makeEnvironment({
    description: "JupyterLab with the usual packages.",
    ready_in_seconds: 1,
    resources: { default: { cpu: "2", memory: "4Gi", gpu: null } },
    custom_image_allowed: true,
  }),
  makeEnvironment({
    name: "pytorch",
    title: "PyTorch GPU",
    is_default: false,
    description: "PyTorch 2.9 with CUDA, for training.",
    image: "registry.example.org/team/pytorch-gpu:2.9",
    ready_in_seconds: 40,
    resources: { default: { cpu: "8", memory: "64Gi", gpu: 1 } },
    choices: [
      {
        name: "cuda",
        title: "CUDA",
        values: { "12": "CUDA 12", "13": "CUDA 13" },
        default: "13",
        unlisted: null,
      },
    ],
  }),
  makeEnvironment({
    name: "long",
    title: LONG_TITLE,
    is_default: false,
    description: "Its words are long too: ".repeat(6),
    resources: { default: { cpu: "0.5", memory: "512Mi", gpu: null } },
  }),
];

const NOT_MOUNTED = { mounted_by: [], deleted_at: null, trouble: null, grows_to: null };

export function makeDrive(change: Partial<Drive> = {}): Drive {
  return {
    ...NOT_MOUNTED,
    id: "ddefault",
    name: "default",
    title: "your default",
    owner: "anna",
    is_default: true,
    size: "10Gi",
    used: "3.1Gi",
    storage_class: "standard",
    access_mode: "ReadWriteOnce",
    created_at: at(-9_000_000),
    last_used_at: at(-90),
    allowed: { rename: true, grow: true, delete: true },
    ...change,
  };
}

export const DRIVES: Drive[] = [
  makeDrive({ allowed: { rename: true, grow: true, delete: "Your default drive stays." } }),
  makeDrive({
    id: "ddata",
    name: "data",
    title: "data",
    is_default: false,
    size: "50Gi",
    used: "41Gi",
    mounted_by: [{ id: "sgputrain222", name: "gpu-train", read_only: false }],
  }),
  makeDrive({
    id: "dlong",
    name: LONG_DRIVE,
    title: LONG_DRIVE,
    is_default: false,
    used: null,
    last_used_at: at(-40 * 86_400),
  }),
];

export const LIMITS: Limits = {
  sessions: { used: 4, max: 10 },
  cpu: { used: 6, max: 16 },
  drives: { used: 3, max: 20 },
};

export const PREVIEW: Preview = {
  checks: [],
  limits: { after: { sessions: { used: 5, max: 10 } } },
  ready_in_seconds: 1,
  cost: null,
  budget: null,
  pod: null,
  calls: {
    rest: "curl -X POST https://hub.example.org/services/sessions/api/v1/sessions \\\n  -H 'Authorization: token $JUPYTERHUB_API_TOKEN'",
  },
};

export const OFFERS: {
  secrets: api.SecretOut[];
  accounts: api.OfferOut[];
  instances: api.InstanceOut[];
} = {
  secrets: [{ id: "s3", name: "s3", description: "Keys of the bucket", ways: ["env", "files"] }],
  accounts: [{ id: "train", name: "train", description: "May read the model store" }],
  instances: [
    {
      id: "sales",
      name: "sales",
      description: "Sales figures, read-only",
      engine: "postgres",
      port: 5432,
      service_account: null,
    },
  ],
};

export const STORY: ChronicleLine[] = [
  line(1, -3012, "person", "anna", "created", "Asked for Python 3.12 with 2 CPU and 4 GiB."),
  line(2, -3011, "part", "hub", "started", "The server was started."),
  line(3, -3010.7, "part", "hub", "ready", "Ready after 1.3 s."),
  line(4, -2000, "person", "kim", "extended", "Kept running until 16:00.", "anna"),
];

function line(
  n: number,
  seconds: number,
  actor_kind: ChronicleLine["actor_kind"],
  actor: string,
  event: string,
  sentence: string,
  on_behalf_of: string | null = null,
): ChronicleLine {
  return {
    n,
    at: at(seconds),
    actor,
    actor_kind,
    on_behalf_of,
    event,
    sentence,
    times: [],
    data: {},
  };
}
