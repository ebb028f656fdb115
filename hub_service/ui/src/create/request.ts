/** How the form's values become a launch request, and how one fills the form; pure. */
import type { EnvironmentChoice, LaunchRequest, Resources } from "../api/types";
import {
  drivesIn,
  FIELDS_OF,
  OTHER,
  portsIn,
  UNLISTED,
  variablesIn,
  type FormValues,
  type LifeUnit,
  type SecretChoice,
} from "./values";

const UNITS: [LifeUnit, number][] = [
  ["days", 86_400],
  ["hours", 3600],
  ["minutes", 60],
];

/** Return the idle timeout in seconds; NaN while the minutes are no number. */
export function idleSeconds({ idle, minutes }: Pick<FormValues, "idle" | "minutes">): number {
  if (idle !== OTHER) return Number(idle);
  return /^\d+$/.test(minutes.trim()) ? Number(minutes) * 60 : NaN;
}

/** Return the launch request; only what was chosen is in it. Rows not filled in yet are left out. */
export function toRequest(
  values: FormValues,
  clonedFrom: string | null,
  options: readonly EnvironmentChoice[],
): LaunchRequest {
  const { max_lifetime: life, env, pod_overrides: overrides, pod_spec: spec } = values;
  const seconds = UNITS.find(([unit]) => unit === life.unit)?.[1] ?? 3600;
  const request: LaunchRequest = {
    name: values.name.trim(),
    environment: values.environment,
    choices: choicesOf(values, options),
    resources: resourcesOf(values),
    image: values.image.trim(),
    idle_timeout: idleSeconds(values),
    drive: values.drive,
    extra_drives: drivesIn(values).map(([, row]) => ({
      drive: row.drive,
      path: row.path.trim(),
      ...(row.read_only ? { read_only: true } : {}),
    })),
    cloud_sql: values.cloud_sql_on ? values.cloud_sql.map(filled) : [],
    secrets: values.secrets.map(filled),
    service_account: values.service_account,
    billing_project: values.billing_project,
    ports: portsIn(values).map(([, { number, protocol, name }]) => ({
      number: Number(number),
      ...(protocol === "UDP" ? { protocol } : {}),
      ...(name.trim() ? { name: name.trim() } : {}),
    })),
    ...(/^\d+$/.test(life.number.trim()) ? { max_lifetime: Number(life.number) * seconds } : {}),
    env: env.length
      ? Object.fromEntries(variablesIn(values).map(([, row]) => [row.name.trim(), row.value]))
      : {},
    pod_overrides: overrides,
    pod_spec: spec,
    cloned_from: clonedFrom ?? "",
  };
  return Object.fromEntries(
    Object.entries(request).filter(
      ([field, value]) => NEEDED.includes(field) || !saysNothing(value),
    ),
  ) as LaunchRequest;
}

const NEEDED = ["environment", "idle_timeout", "drive"];

function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** An entry without what is null in it. */
function filled<T extends object>(entry: T): T {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) as T;
}

function choicesOf(values: FormValues, options: readonly EnvironmentChoice[]) {
  return Object.fromEntries(
    options.flatMap(({ name }) => {
      const value = values.choices[name];
      if (value === undefined) return [];
      const text = values.unlisted[name]?.trim() ?? "";
      return [[name, value === UNLISTED ? { unlisted: text } : value]];
    }),
  );
}

function resourcesOf({ resources }: FormValues): Resources {
  const cpu = resources.cpu.trim();
  const memory = resources.memory.trim();
  const gpu = resources.gpu.trim();
  return {
    ...(cpu ? { cpu } : {}),
    ...(memory ? { memory: /^[\d.]+$/.test(memory) ? `${memory}Gi` : memory } : {}),
    ...(/^[1-9]\d*$/.test(gpu) ? { gpu: Number(gpu) } : {}),
  };
}

/** Fill the form from a launch request; what it does not say is as in `defaults`. */
export function fromRequest(
  request: Partial<LaunchRequest>,
  presets: readonly number[],
  defaults: FormValues,
): FormValues {
  const seconds = request.idle_timeout ?? Number(defaults.idle);
  const isPreset = presets.includes(seconds);
  const choices = Object.entries(request.choices ?? {});
  return {
    ...defaults,
    name: request.name ?? "",
    environment: request.environment ?? defaults.environment,
    choices: Object.fromEntries(
      choices.map(([key, value]) => [key, typeof value === "string" ? value : UNLISTED]),
    ),
    unlisted: Object.fromEntries(
      choices.flatMap(([key, value]) => (typeof value === "string" ? [] : [[key, value.unlisted]])),
    ),
    resources: sizeText(request.resources),
    image: request.image ?? "",
    idle: isPreset ? String(seconds) : OTHER,
    minutes: isPreset ? "" : String(Math.max(1, Math.round(seconds / 60))),
    drive: request.drive ?? defaults.drive,
    extra_drives: (request.extra_drives ?? []).map(({ drive, path, read_only: closed }) => ({
      drive,
      path,
      read_only: closed ?? false,
    })),
    cloud_sql_on: (request.cloud_sql ?? []).length > 0,
    cloud_sql: (request.cloud_sql ?? []).map(({ instance, port = null }) => ({ instance, port })),
    secrets: (request.secrets ?? []).map(({ name, as = "env", path = null }): SecretChoice => ({
      name,
      as,
      path,
    })),
    service_account: request.service_account ?? "",
    billing_project: request.billing_project ?? "",
    ports: (request.ports ?? []).map(({ number, protocol = "TCP", name }) => ({
      number: String(number),
      protocol,
      name: name ?? "",
    })),
    max_lifetime: lifeText(request.max_lifetime),
    env: Object.entries(request.env ?? {}).map(([name, value]) => ({ name, value })),
    pod_overrides: request.pod_overrides ?? null,
    pod_spec: request.pod_spec ?? null,
  };
}

/** Only the form's fields behind what changes in a request, with their new values. */
export function changesIn(
  changes: Partial<LaunchRequest>,
  presets: readonly number[],
  defaults: FormValues,
): Partial<FormValues> {
  const values = fromRequest(changes, presets, defaults);
  const fields = Object.keys(changes).flatMap((field) => FIELDS_OF[field] ?? []);
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}

/** As people type sizes: CPUs and GiB, where that is what it says. */
function sizeText(resources: Resources | null | undefined): FormValues["resources"] {
  const { cpu, memory, gpu } = resources ?? {};
  const milli = /^(\d+)m$/.exec(cpu ?? "");
  const mebi = /^(\d+)Mi$/.exec(memory ?? "");
  const gibi = /^(\d+(?:\.\d+)?)Gi$/.exec(memory ?? "");
  const inGibi = mebi && Number(mebi[1]) % 256 === 0 ? String(Number(mebi[1]) / 1024) : memory;
  return {
    cpu: milli ? String(Number(milli[1]) / 1000) : (cpu ?? ""),
    memory: gibi?.[1] ?? inGibi ?? "",
    gpu: gpu ? String(gpu) : "",
  };
}

function lifeText(seconds: number | null | undefined): FormValues["max_lifetime"] {
  if (!seconds) return { number: "", unit: "hours" };
  const fitting = UNITS.find(([, each]) => seconds % each === 0);
  const [unit, each] = fitting ?? ["minutes", 60];
  return { number: String(Math.max(1, Math.round(seconds / each))), unit };
}
