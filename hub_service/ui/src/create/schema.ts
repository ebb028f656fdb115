/** The checks of the form's values that need nobody else; pure. */
import * as z from "zod/mini";

import { texts } from "../texts";
import { isPort, OTHER, UNLISTED, VARIABLE, type FormValues } from "./values";

const { errors } = texts.form;
const YEAR_MINUTES = 366 * 24 * 60;
const IMAGE =
  /^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const CPU = /^\d{1,15}(\.\d{1,9})?m?$/;
const QUANTITY = /^\d{1,15}(\.\d{1,9})?([kMGTP]i?)?$/;

const text = z.string();
const orEmpty = (pattern: RegExp, message: string) =>
  text.check(z.refine((value) => value.trim() === "" || pattern.test(value.trim()), message));

const fields = z.object({
  name: text.check(
    z.maxLength(40, errors.nameLong),
    z.regex(/^[^\u0000-\u001f\u007f]*$/, errors.nameControl),
  ),
  environment: text.check(z.minLength(1, errors.environment)),
  choices: z.record(z.string(), z.string()),
  unlisted: z.record(z.string(), z.string()),
  resources: z.object({
    cpu: orEmpty(CPU, errors.cpu),
    memory: orEmpty(QUANTITY, errors.memory),
    gpu: orEmpty(/^\d{1,2}$/, errors.gpu),
  }),
  image: orEmpty(IMAGE, errors.image),
  idle: text,
  minutes: text,
  drive: text.check(z.minLength(1, errors.drive)),
  extra_drives: z.array(
    z.object({
      drive: text.check(z.minLength(1, errors.rowDrive)),
      path: text.check(z.refine((path) => path.trim() !== "", errors.path)),
      read_only: z.boolean(),
    }),
  ),
  cloud_sql_on: z.boolean(),
  cloud_sql: z.array(z.any()),
  secrets: z.array(z.any()),
  service_account: text,
  billing_project: text,
  ports: z.array(
    z.object({
      number: text.check(z.refine(isPort, errors.port)),
      protocol: text,
      name: text.check(z.maxLength(63, errors.portName)),
    }),
  ),
  max_lifetime: z.object({ number: orEmpty(/^[1-9]\d{0,6}$/, errors.lifetime), unit: text }),
  env: z.array(
    z.object({
      name: text.check(z.refine((name) => VARIABLE.test(name.trim()), errors.variable)),
      value: text,
    }),
  ),
  pod_overrides: z.nullable(text),
  pod_spec: z.nullable(text),
});

interface Problem {
  path: (string | number)[];
  message: string;
}

export const schema = fields.check((context) => {
  for (const { path, message } of together(context.value as FormValues)) {
    context.issues.push({ code: "custom", message, path, input: context.value });
  }
});

/** What is wrong only beside something else of the form. */
function together(values: FormValues): Problem[] {
  const { idle, choices, unlisted, cloud_sql_on: isOn, cloud_sql: instances } = values;
  const found: Problem[] = [];
  if (idle === OTHER) found.push(...wrongMinutes(values.minutes));
  for (const [option, value] of Object.entries(choices)) {
    if (value === UNLISTED && !unlisted[option]?.trim()) {
      found.push({ path: ["unlisted", option], message: errors.unlisted });
    }
  }
  if (isOn && instances.length === 0) {
    found.push({ path: ["cloud_sql"], message: errors.noInstance });
  }
  return [
    ...found,
    ...twice(values.ports, "ports", "number", errors.portTwice),
    ...twice(values.extra_drives, "extra_drives", "path", errors.pathTwice),
    ...twice(values.env, "env", "name", errors.variableTwice),
  ];
}

function wrongMinutes(minutes: string): Problem[] {
  const path = ["minutes"];
  if (!/^\d+$/.test(minutes.trim()) || Number(minutes) < 1) {
    return [{ path, message: errors.minutes }];
  }
  return Number(minutes) > YEAR_MINUTES ? [{ path, message: errors.minutesMany }] : [];
}

function twice<Key extends string>(
  rows: Record<Key, unknown>[],
  list: string,
  key: Key,
  say: (value: string) => string,
): Problem[] {
  const seen = new Set<string>();
  return rows.flatMap((row, place) => {
    const value = plain(String(row[key]));
    if (value && seen.has(value)) return [{ path: [list, place, key], message: say(value) }];
    seen.add(value);
    return [];
  });
}

/** `data/` and `data` are one folder. */
function plain(value: string): string {
  return value.trim().replace(/^\.\//, "").replace(/\/+$/, "");
}
