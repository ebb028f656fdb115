/** A draft as text and back; pure. */
import { mayBeKept } from "../yaml/kept";
import { emptyValues, type FormValues } from "./values";

export interface Draft {
  values: FormValues;
  /** The clone or link that the draft began from, "" for a plain new session. */
  source: string;
}

const DAY = 86_400_000;

/** Values of variables are not kept: they may be what nobody else should read. */
export function draftText({ values, source }: Draft, at: number): string {
  const kept = {
    ...values,
    env: values.env.map(({ name }) => ({ name, value: "" })),
    pod_overrides: keptYaml(values.pod_overrides),
    pod_spec: keptYaml(values.pod_spec),
  };
  return JSON.stringify({ values: kept, source, at });
}

function keptYaml(text: string | null): string | null {
  return text !== null && mayBeKept(text) ? text : null;
}

/** Null for none, one that is a day old, or one of another beginning. */
export function parseDraft(text: string | null, source: string, now: number): Draft | null {
  const kept = JSON.parse(text ?? "null") as (Draft & { at: number }) | null;
  if (kept?.source !== source || now - kept.at >= DAY) return null;
  // What an older page kept may lack fields of this one.
  return { source, values: { ...emptyValues("", 900), ...kept.values } };
}
