/** Drafts as text and back: one for each beginning, a day old at most; pure. */
import type { LaunchRequest } from "../api/types";
import type { Sent } from "../start/sent";
import { mayBeKept } from "../yaml/kept";
import { emptyValues, type FormValues } from "./values";

export interface Draft {
  values: FormValues;
  /** The clone or link that the draft began from, "" for a plain new session. */
  source: string;
  /** What was sent of it last, and with which key; undefined leaves what is known of it. */
  sent?: Sent | null;
  /** Whether YAML was left out, because it has values of variables. */
  isYamlLost?: boolean;
}

interface Slot {
  values: FormValues;
  sent: Sent | null;
  isYamlLost: boolean;
  at: number;
}

const DAY = 86_400_000;
const MOST = 10;
const YAML = ["pod_overrides", "pod_spec", "yaml_written"] as const;

/** Put a draft among those of a text. Values of variables are not kept: they may be secret. */
export function withDraft(text: string | null, draft: Draft, at: number): string {
  const { values, source, sent = slotsIn(text, at).get(source)?.sent } = draft;
  const kept = {
    ...values,
    env: values.env.map(({ name }) => ({ name, value: "" })),
    ...Object.fromEntries(YAML.map((field) => [field, keptYaml(values[field])])),
  };
  const isYamlLost = YAML.some((field) => kept[field] !== values[field]);
  const slots = slotsIn(withoutDraft(text, source, at), at);
  const toKeep = sent && mayKeepBody(sent.body) ? sent : null;
  slots.set(source, { values: kept, sent: toKeep, isYamlLost, at });
  return textOf(slots);
}

export function withoutDraft(text: string | null, source: string, at: number): string {
  const slots = slotsIn(text, at);
  slots.delete(source);
  return textOf(slots);
}

/** Null for none, or one that is a day old. */
export function parseDraft(text: string | null, source: string, now: number): Draft | null {
  const slot = slotsIn(text, now).get(source);
  if (!slot) return null;
  // What an older page kept may lack fields of this one.
  const { values, sent, isYamlLost } = slot;
  return { source, values: { ...emptyValues("", 900), ...values }, sent, isYamlLost };
}

/** Newest last; what cannot be read counts as none. */
function slotsIn(text: string | null, now: number): Map<string, Slot> {
  try {
    const slots = Object.entries(JSON.parse(text ?? "{}") as Record<string, Slot | undefined>);
    const isFresh = (slot?: Slot) => typeof slot?.at === "number" && now - slot.at < DAY;
    return new Map(slots.filter(([, slot]) => isFresh(slot)) as [string, Slot][]);
  } catch {
    return new Map();
  }
}

function textOf(slots: Map<string, Slot>): string {
  return JSON.stringify(Object.fromEntries([...slots].slice(-MOST)));
}

function keptYaml(text: string | null): string | null {
  return text !== null && mayBeKept(text) ? text : null;
}

/** A body with values that are not kept is another one after a reload anyhow. */
function mayKeepBody(body: string): boolean {
  const { env, pod_overrides: overrides, pod_spec: spec } = JSON.parse(body) as LaunchRequest;
  const yaml = [overrides, spec].flatMap((text) => text ?? []);
  return Object.keys(env ?? {}).length === 0 && yaml.every(mayBeKept);
}

/**
 * Whether something was typed since the beginning. The editor of a whole pod fills itself at first:
 * that is part of the beginning.
 */
export function changedSince(beginning: FormValues): (values: FormValues) => boolean {
  let began = beginning;
  return (values) => {
    if (began.pod_spec === null) began = { ...began, pod_spec: values.pod_spec };
    return JSON.stringify(values) !== JSON.stringify(began);
  };
}
