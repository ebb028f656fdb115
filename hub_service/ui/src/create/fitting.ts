/** Values that were chosen at another time or place: made to fit what there is now, and said; pure. */
import type { Drive, Environment, EnvironmentChoice } from "../api/types";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { idleSeconds } from "./request";
import { FIELDS_OF, UNLISTED, type FormValues } from "./values";

export interface Offered {
  environments: readonly Environment[];
  /** Undefined while they are not known. */
  drives?: readonly Drive[] | undefined;
  /** Field of a launch request → why this hub cannot give it. */
  unsupported: Readonly<Record<string, string>>;
  /** Why an idle timeout (seconds) cannot be had, or null. */
  idleReason: (seconds: number) => string | null;
}

export interface Fitted {
  values: FormValues;
  /** What is different from what was asked for, a sentence each. */
  notes: string[];
}

/** Return the environment that is chosen without a word. */
export function defaultOf(environments: readonly Environment[]): Environment | undefined {
  const open = environments.filter(({ allowed }) => allowed === true);
  return open.find((each) => each.is_default) ?? open[0];
}

/** `empty` are the form's defaults: what cannot be had becomes as it is there. */
export function fitting(asked: FormValues, offered: Offered, empty: FormValues): Fitted {
  const notes: string[] = [];
  const there = offered.environments.find(({ name }) => name === asked.environment);
  const environment = there ?? defaultOf(offered.environments);
  let values = withChoices(environment, { ...asked, environment: environment?.name ?? "" });
  if (!there && environment && asked.environment) {
    notes.push(texts.form.noEnvironmentCalled(asked.environment, environment.title));
  } else notes.push(...lostChoices(asked, values, environment?.choices ?? []));
  if (isGone(values.drive, offered.drives)) {
    notes.push(texts.form.driveGone(values.drive));
    values = { ...values, drive: "default" };
  }
  const idle = idleSeconds(values);
  if (offered.idleReason(idle) !== null) {
    const now = words(idleSeconds(empty));
    notes.push(texts.form.notOffered(texts.form.idle, words(idle), now));
    values = { ...values, idle: empty.idle, minutes: empty.minutes };
  }
  return withoutUnsupported(values, offered.unsupported, empty, notes);
}

function words(seconds: number): string {
  return seconds === -1 ? texts.form.never : durationWords(seconds);
}

function isGone(drive: string, drives: readonly Drive[] | undefined): boolean {
  if (drive === "default" || drive === "" || drives === undefined) return false;
  return !drives.some(({ name, id }) => name === drive || id === drive);
}

/** Leave out what this hub cannot give, so that no disabled field stands in the way. */
function withoutUnsupported(
  values: FormValues,
  unsupported: Offered["unsupported"],
  empty: FormValues,
  notes: string[],
): Fitted {
  let fit = values;
  for (const [field, reason] of Object.entries(unsupported)) {
    for (const key of FIELDS_OF[field] ?? []) {
      if (JSON.stringify(fit[key]) === JSON.stringify(empty[key])) continue;
      notes.push(texts.form.leftOut(texts.form.fields[field] ?? field, reason));
      fit = { ...fit, [key]: empty[key] };
    }
  }
  if ("resources.gpu" in unsupported && fit.resources.gpu) {
    notes.push(texts.form.leftOut(texts.form.gpu, unsupported["resources.gpu"] ?? ""));
    fit = { ...fit, resources: { ...fit.resources, gpu: "" } };
  }
  return { values: fit, notes: [...new Set(notes)] };
}

/** The options of an environment with the values that stand in the form, or their defaults. */
export function withChoices(environment: Environment | undefined, values: FormValues): FormValues {
  const choices = Object.fromEntries(
    (environment?.choices ?? []).map((option) => [
      option.name,
      isOffered(option, values.choices[option.name])
        ? (values.choices[option.name] ?? "")
        : defaultChoice(option),
    ]),
  );
  return { ...values, choices };
}

function defaultChoice({ default: first, unlisted }: EnvironmentChoice): string {
  return first ?? (unlisted ? UNLISTED : "");
}

function isOffered(option: EnvironmentChoice, value: string | undefined): boolean {
  if (value === undefined) return false;
  return value === UNLISTED ? option.unlisted !== null : value in option.values;
}

/** "Size ‘large’ is not offered any more: small is chosen." */
function lostChoices(
  asked: FormValues,
  fit: FormValues,
  options: readonly EnvironmentChoice[],
): string[] {
  return options.flatMap(({ name, title, values }) => {
    const was = asked.choices[name];
    const now = fit.choices[name] ?? "";
    if (was === undefined || was === now) return [];
    return [texts.form.notOffered(title, was, values[now] ?? now)];
  });
}
