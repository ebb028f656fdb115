/** What the form is filled with at first: a clone, a link, a draft, the last choices, the defaults. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { loadClone } from "../actions/calls";
import { useEnvironments } from "../api/queries";
import type { Environment, FieldChange, LaunchRequest } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { preferences } from "../ui/preferences";
import { loadDraft } from "./draft";
import { fromLink, fromRequest, withChoices, type FormValues } from "./form";
import { idlePresets } from "./presets";

export interface StartingPoint {
  values: FormValues;
  rest: Partial<LaunchRequest>;
  /** What the form says about where its values come from. */
  notes: string[];
  changes: FieldChange[];
  environments: Environment[];
  source: string;
}

/** Null while it is loading; an error when the clone or the environments cannot be had. */
export function useStartingPoint(search: string) {
  const cloneId = new URLSearchParams(search).get("clone");
  const environments = useEnvironments();
  const clone = useQuery({
    queryKey: ["clone", cloneId],
    queryFn: () => loadClone(cloneId ?? ""),
    enabled: cloneId !== null,
    gcTime: 0,
    retry: false,
  });
  const [isFresh, setIsFresh] = useState(false);
  const error = environments.error ?? clone.error;
  const isReady = environments.data && (cloneId === null || clone.data);
  const point = isReady ? makePoint(search, environments.data, isFresh, clone.data) : null;
  return {
    point,
    error,
    startOver: () => {
      setIsFresh(true);
    },
    isFresh,
  };
}

function makePoint(
  search: string,
  environments: Environment[],
  isFresh: boolean,
  clone?: { request: LaunchRequest; changes: FieldChange[] },
): StartingPoint {
  const { request: link, unknown } = fromLink(search);
  const notes = unknown.map((field) => texts.form.unknownField(field));
  const base = { environments, source: search, changes: clone?.changes ?? [] };
  const draft = isFresh ? null : loadDraft(search);
  if (draft) {
    const values = fitting(draft.values, environments);
    notes.push(...replaced(draft.values, values, environments));
    return { ...base, values, rest: draft.rest, notes: [texts.form.filledByDraft, ...notes] };
  }
  const last = isFresh ? null : preferences().lastChoices;
  const isLink = Object.keys(link).length > 0;
  const from = clone?.request ?? (isLink ? link : (last ?? {}));
  if (isLink && !clone) notes.unshift(texts.form.filledByLink);
  if (!isLink && !clone && last) notes.unshift(texts.form.filledByLast);
  const presets = idlePresets().map(({ seconds }) => seconds);
  const { values, rest } = fromRequest(
    { ...from, ...(clone ? link : {}) },
    presets,
    defaults(environments),
  );
  const fit = fitting(values, environments);
  notes.push(...replaced(values, fit, environments));
  return { ...base, values: fit, rest, notes };
}

/** The choice of an environment that is not offered any more becomes the default one. */
function fitting(values: FormValues, environments: Environment[]): FormValues {
  const chosen = environments.find(({ name }) => name === values.environment);
  const environment = chosen ?? defaultOf(environments);
  return withChoices(environment, { ...values, environment: environment?.name ?? "" });
}

/** Say that what was asked for is not there, instead of taking another without a word. */
function replaced(asked: FormValues, fit: FormValues, environments: Environment[]): string[] {
  if (asked.environment === fit.environment || fit.environment === "") return [];
  const now = environments.find(({ name }) => name === fit.environment)?.title ?? fit.environment;
  return [texts.form.noEnvironmentCalled(asked.environment, now)];
}

function defaults(environments: Environment[]): FormValues {
  const environment = defaultOf(environments);
  const idle = environment?.idle_default ?? boot.me.idle?.default ?? 900;
  return {
    name: "",
    environment: environment?.name ?? "",
    choices: {},
    unlisted: {},
    idle: String(idle),
    minutes: "",
    drive: "default",
  };
}

function defaultOf(environments: Environment[]): Environment | undefined {
  const open = environments.filter(({ allowed }) => allowed === undefined || allowed === true);
  return open.find((each) => each.is_default) ?? open[0];
}
