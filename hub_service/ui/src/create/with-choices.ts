/** The options of an environment, each with a value; pure. */
import type { Environment, EnvironmentChoice } from "../api/types";
import { UNLISTED, type FormValues } from "./values";

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
