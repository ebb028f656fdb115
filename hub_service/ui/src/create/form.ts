/** The form's values, their checks, and how they become a launch request and back; pure. */
import * as z from "zod/mini";

import type { Environment, EnvironmentChoice, LaunchRequest } from "../api/types";
import { texts } from "../texts";

export interface FormValues {
  name: string;
  environment: string;
  /** The value of each option of the environment; `UNLISTED` means `unlisted` has the text. */
  choices: Record<string, string>;
  unlisted: Record<string, string>;
  /** Seconds as text, or `OTHER` when `minutes` says it. */
  idle: string;
  minutes: string;
  drive: string;
}

export const OTHER = "other";
export const UNLISTED = "*";
export const DRIVE_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const YEAR_MINUTES = 366 * 24 * 60;

const { errors } = texts.form;

export const schema = z
  .object({
    name: z
      .string()
      .check(
        z.maxLength(40, errors.nameLong),
        z.regex(/^[^\u0000-\u001f\u007f]*$/, errors.nameControl),
      ),
    environment: z.string().check(z.minLength(1, errors.environment)),
    choices: z.record(z.string(), z.string()),
    unlisted: z.record(z.string(), z.string()),
    idle: z.string(),
    minutes: z.string(),
    drive: z.string().check(z.minLength(1, errors.drive)),
  })
  .check((context) => {
    const { idle, minutes, choices, unlisted } = context.value;
    const say = (message: string, ...path: string[]) => {
      context.issues.push({ code: "custom", message, path, input: context.value });
    };
    if (idle === OTHER) {
      const number = Number(minutes);
      if (!/^\d+$/.test(minutes.trim()) || number < 1) say(errors.minutes, "minutes");
      else if (number > YEAR_MINUTES) say(errors.minutesMany, "minutes");
    }
    for (const [option, value] of Object.entries(choices)) {
      if (value === UNLISTED && !unlisted[option]?.trim()) say(errors.unlisted, "unlisted", option);
    }
  });

/** Return the idle timeout in seconds; NaN while the minutes are no number. */
export function idleSeconds({ idle, minutes }: Pick<FormValues, "idle" | "minutes">): number {
  if (idle !== OTHER) return Number(idle);
  return /^\d+$/.test(minutes.trim()) ? Number(minutes) * 60 : NaN;
}

/** Return the launch request; `rest` are fields that a clone brought and the form does not show. */
export function toRequest(
  values: FormValues,
  rest: Partial<LaunchRequest>,
  options: readonly EnvironmentChoice[],
): LaunchRequest {
  const choices = Object.fromEntries(
    options.flatMap(({ name }) => {
      const value = values.choices[name];
      if (value === undefined) return [];
      const text = values.unlisted[name]?.trim() ?? "";
      return [[name, value === UNLISTED ? { unlisted: text } : value]];
    }),
  );
  const name = values.name.trim();
  return {
    ...rest,
    ...(name ? { name } : {}),
    ...(Object.keys(choices).length > 0 ? { choices } : {}),
    environment: values.environment,
    idle_timeout: idleSeconds(values),
    drive: values.drive,
  };
}

/** Split a launch request into what the form shows and what it carries along. */
export function fromRequest(
  request: Partial<LaunchRequest>,
  presets: readonly number[],
  defaults: FormValues,
): { values: FormValues; rest: Partial<LaunchRequest> } {
  const { name, environment, choices = {}, idle_timeout, drive, ...rest } = request;
  const seconds = idle_timeout ?? Number(defaults.idle);
  const isPreset = presets.includes(seconds);
  const entries = Object.entries(choices);
  const values: FormValues = {
    name: name ?? "",
    environment: environment ?? defaults.environment,
    choices: Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === "string" ? value : UNLISTED]),
    ),
    unlisted: Object.fromEntries(
      entries.flatMap(([key, value]) => (typeof value === "string" ? [] : [[key, value.unlisted]])),
    ),
    idle: isPreset ? String(seconds) : OTHER,
    minutes: isPreset ? "" : String(Math.max(1, Math.round(seconds / 60))),
    drive: drive ?? defaults.drive,
  };
  return { values, rest: withoutDefaults(rest) };
}

/** Return the request without these fields. */
export function without(
  request: Partial<LaunchRequest>,
  fields: readonly string[],
): Partial<LaunchRequest> {
  return Object.fromEntries(Object.entries(request).filter(([name]) => !fields.includes(name)));
}

/** Leave out what says nothing, so that "taken along" names only real choices. */
function withoutDefaults(rest: Partial<LaunchRequest>): Partial<LaunchRequest> {
  return Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => {
      if (value === null || value === false || value === undefined) return false;
      if (key === "visibility" && (value as { level?: string }).level === "private") return false;
      return typeof value !== "object" || Object.keys(value).length > 0;
    }),
  );
}

/** Which field of the form a server's message belongs to, by its path; null if none shows it. */
export function fieldOf(path: string): keyof FormValues | null {
  const [head = ""] = path.split(".");
  if (head === "idle_timeout") return "idle";
  return head === "name" || head === "environment" || head === "drive" || head === "choices"
    ? head
    : null;
}

/** Fields from a link: only fills the form; names what it does not know. */
export function fromLink(search: string): { request: Partial<LaunchRequest>; unknown: string[] } {
  const request: Partial<LaunchRequest> = {};
  const unknown: string[] = [];
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === "environment" || name === "drive") request[name] = value;
    else if (name === "name") request.name = value.slice(0, 40);
    else if (name === "idle_timeout" && /^(-1|\d{1,9})$/.test(value)) {
      request.idle_timeout = Number(value);
    } else if (name !== "clone" && name !== "cloned_from") unknown.push(name);
  }
  return { request, unknown };
}

/** The options of an environment with the values that stand in the form, or their defaults. */
export function withChoices(environment: Environment | undefined, values: FormValues): FormValues {
  const choices = Object.fromEntries(
    (environment?.choices ?? []).map((option) => [
      option.name,
      isOffered(option, values.choices[option.name])
        ? (values.choices[option.name] ?? "")
        : (option.default ?? (option.unlisted ? UNLISTED : "")),
    ]),
  );
  return { ...values, choices };
}

function isOffered(option: EnvironmentChoice, value: string | undefined): boolean {
  if (value === undefined) return false;
  return value === UNLISTED ? option.unlisted !== null : value in option.values;
}
