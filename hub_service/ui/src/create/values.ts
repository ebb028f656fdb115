/** What stands in the form, and where: its values, their tabs, and which differ from the default. */
import type { LaunchRequest } from "../api/types";

export type LifeUnit = "minutes" | "hours" | "days";

export interface PortRow {
  number: string;
  protocol: "TCP" | "UDP";
  name: string;
}

export interface DriveRow {
  drive: string;
  path: string;
  read_only: boolean;
}

export interface VariableRow {
  name: string;
  value: string;
}

export interface SecretChoice {
  name: string;
  as: "env" | "files" | "both";
  path: string | null;
}

export interface InstanceChoice {
  instance: string;
  port: number | null;
}

/** Fields are called as in the launch request, so that the service's messages find them. */
export interface FormValues {
  name: string;
  environment: string;
  /** The value of each option of the environment; `UNLISTED` means `unlisted` has the text. */
  choices: Record<string, string>;
  unlisted: Record<string, string>;
  /** As people type them, memory in GiB; "" is what the environment gives. */
  resources: { cpu: string; memory: string; gpu: string };
  image: string;
  /** Seconds as text, or `OTHER` when `minutes` says it. */
  idle: string;
  minutes: string;
  drive: string;
  extra_drives: DriveRow[];
  cloud_sql_on: boolean;
  cloud_sql: InstanceChoice[];
  secrets: SecretChoice[];
  service_account: string;
  billing_project: string;
  ports: PortRow[];
  max_lifetime: { number: string; unit: LifeUnit };
  env: VariableRow[];
  /** YAML that is laid over the pod, or a whole pod; null is none, and both never. */
  pod_overrides: string | null;
  pod_spec: string | null;
  /** What is written in the editor of the overrides and not used yet; it is never sent. */
  yaml_written: string | null;
}

export const OTHER = "other";
export const UNLISTED = "*";

export type FormTab = "general" | "advanced";
export const FORM_TABS: readonly FormTab[] = ["general", "advanced"];

/** Values with nothing chosen beyond environment and idle timeout. */
export function emptyValues(environment: string, idleTimeout: number): FormValues {
  return {
    name: "",
    environment,
    choices: {},
    unlisted: {},
    resources: { cpu: "", memory: "", gpu: "" },
    image: "",
    idle: String(idleTimeout),
    minutes: "",
    drive: "default",
    extra_drives: [],
    cloud_sql_on: false,
    cloud_sql: [],
    secrets: [],
    service_account: "",
    billing_project: "",
    ports: [],
    max_lifetime: { number: "", unit: "hours" },
    env: [],
    pod_overrides: null,
    pod_spec: null,
    yaml_written: null,
  };
}

/** Whether a field of the tab Advanced differs from its default, in the order of the tab. */
const DIFFERS: Partial<Record<keyof FormValues, (values: FormValues) => boolean>> = {
  extra_drives: ({ extra_drives }) => extra_drives.length > 0,
  cloud_sql: ({ cloud_sql_on }) => cloud_sql_on,
  secrets: ({ secrets }) => secrets.length > 0,
  service_account: ({ service_account }) => service_account !== "",
  billing_project: ({ billing_project }) => billing_project !== "",
  ports: ({ ports }) => ports.length > 0,
  max_lifetime: ({ max_lifetime }) => max_lifetime.number.trim() !== "",
  env: ({ env }) => env.length > 0,
};

/** How many choices of the tab Advanced differ from the default. */
export function advancedCount(values: FormValues): number {
  return Object.values(DIFFERS).filter((differs) => differs(values)).length;
}

/** The tab on which a field of the form stands, by its path; null for YAML, which is below both. */
export function tabOf(path: string): FormTab | null {
  const [head = ""] = path.split(".");
  if (head.startsWith("pod_")) return null;
  return head in DIFFERS || head === "cloud_sql_on" ? "advanced" : "general";
}

/** The first tab with one of these fields; null while they are on none. */
export function firstTab(paths: readonly string[]): FormTab | null {
  const tabs = paths.map(tabOf);
  return FORM_TABS.find((tab) => tabs.includes(tab)) ?? null;
}

/** The form's fields behind each field of a launch request that it shows. */
export const FIELDS_OF: Partial<Record<keyof LaunchRequest, (keyof FormValues)[]>> = {
  name: ["name"],
  environment: ["environment"],
  choices: ["choices", "unlisted"],
  resources: ["resources"],
  image: ["image"],
  idle_timeout: ["idle", "minutes"],
  drive: ["drive"],
  extra_drives: ["extra_drives"],
  cloud_sql: ["cloud_sql_on", "cloud_sql"],
  secrets: ["secrets"],
  service_account: ["service_account"],
  billing_project: ["billing_project"],
  ports: ["ports"],
  max_lifetime: ["max_lifetime"],
  env: ["env"],
  pod_overrides: ["pod_overrides"],
  pod_spec: ["pod_spec"],
};

/** The rows of a list that are filled in, with their place in the form. */
export function portsIn({ ports }: FormValues): [number, PortRow][] {
  return [...ports.entries()].filter(([, row]) => isPort(row.number));
}

export function drivesIn({ extra_drives }: FormValues): [number, DriveRow][] {
  return [...extra_drives.entries()].filter(([, { drive, path }]) => drive && path.trim());
}

export function variablesIn({ env }: FormValues): [number, VariableRow][] {
  return [...env.entries()].filter(([, { name }]) => VARIABLE.test(name.trim()));
}

export const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;
}

/**
 * Where in the form a server's message belongs, by its path in the request (`ports.1.number`); null
 * if nothing shows it. Rows that are not filled in yet were not sent, so places are counted anew.
 */
export function fieldOf(path: string, values: FormValues): string | null {
  const [head = "", ...rest] = path.split(".");
  if (!(head in FIELDS_OF)) return null;
  if (head === "idle_timeout") return values.idle === OTHER ? "minutes" : "idle";
  if (head === "max_lifetime") return "max_lifetime.number";
  if (head === "secrets" || head === "cloud_sql" || head.startsWith("pod_")) return head;
  if (head === "choices") return rest[0] ? `choices.${rest[0]}` : "environment";
  if (head === "env") {
    const row = variablesIn(values).find(([, { name }]) => name.trim() === rest[0]);
    return row ? `env.${row[0]}.name` : "env";
  }
  if (head === "ports" || head === "extra_drives") {
    const rows = head === "ports" ? portsIn(values) : drivesIn(values);
    const row = rows[Number(rest[0])];
    return row ? `${head}.${row[0]}.${rest[1] ?? (head === "ports" ? "number" : "drive")}` : head;
  }
  return head === "resources" ? `resources.${rest[0] ?? "cpu"}` : head;
}
