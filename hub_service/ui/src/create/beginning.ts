/** What the form begins with: a draft, a clone, a link, the last choices, or the defaults; pure. */
import type { Clone, Environment, FieldChange, LaunchRequest } from "../api/types";
import { defaultOf, fitRequest, type Offered } from "../start/fit-request";
import { texts } from "../texts";
import type { Draft } from "./draft-text";
import { fromLink } from "./link";
import { isOnSpecForm, isSpecAsked, onSpecForm } from "./own-spec";
import { changesIn, fromRequest, toRequest } from "./request";
import { emptyValues, type FormValues } from "./values";
import { withChoices } from "./with-choices";

export interface StartingPoint {
  values: FormValues;
  clonedFrom: string | null;
  /** What the form says about where its values come from. */
  notes: string[];
  changes: FieldChange[];
  environments: Environment[];
  source: string;
  /** Whether the values are what was typed before. */
  isDraft: boolean;
  /** Whether a pod of one's own is what it is about. */
  isOwnSpec: boolean;
}

/** What was chosen before, wherever that was. */
export interface Before {
  draft: Draft | null;
  clone?: Clone | undefined;
  last: LaunchRequest | null;
}

/** What can be chosen; `presets` are the idle timeouts that have a radio of their own. */
export type Choosable = Offered & { presets: number[] };

export function beginAt(search: string, offered: Choosable, before: Before): StartingPoint {
  const { clone, draft } = before;
  const { values, notes } = valuesOf(search, offered, before);
  return {
    ...defaultPoint(search, offered),
    values: fitted(values, offered),
    clonedFrom: clone?.request.cloned_from ?? null,
    notes: [...new Set(notes)],
    changes: clone?.changes ?? [],
    isDraft: draft !== null,
    isOwnSpec: isSpecAsked(search) || Boolean(clone?.request.pod_spec ?? values.pod_spec),
  };
}

/** As if nothing had been chosen before, by nobody. */
export function defaultPoint(source: string, offered: Choosable): StartingPoint {
  return {
    values: fitted(emptyOf(offered), offered),
    clonedFrom: null,
    notes: [],
    changes: [],
    environments: [...offered.environments],
    source,
    isDraft: false,
    isOwnSpec: isSpecAsked(source),
  };
}

function emptyOf({ environments, idleDefault }: Choosable): FormValues {
  return emptyValues(defaultOf(environments)?.name ?? "", idleDefault);
}

function fitted(values: FormValues, { environments }: Choosable): FormValues {
  return withChoices(
    environments.find(({ name }) => name === values.environment),
    values,
  );
}

/** What was chosen before, and a word about where. */
function valuesOf(search: string, offered: Choosable, { draft, clone, last }: Before) {
  const empty = emptyOf(offered);
  const isOwnSpec = isSpecAsked(search);
  const { request: link, unknown } = fromLink(search);
  if (isOwnSpec) unknown.push(...Object.keys(link).filter((field) => !isOnSpecForm(field)));
  const notes = unknown.map((field) => texts.form.unknownField(field));
  if (draft) {
    const fit = fitDraft(draft.values, offered, empty);
    const lost = [
      ...(fit.values.env.length > 0 ? [texts.form.valuesNotKept] : []),
      ...(draft.isYamlLost ? [texts.form.yamlNotKept] : []),
    ];
    return {
      values: fit.values,
      notes: [texts.form.filledByDraft, ...lost, ...notes, ...fit.notes],
    };
  }
  const isLink = Object.keys(link).length > 0;
  const remembered = isLink || clone ? null : last;
  if (isLink && !clone) notes.unshift(texts.form.filledByLink);
  if (remembered) notes.unshift(texts.form.filledByLast);
  const asked = { ...(clone?.request ?? remembered ?? {}), ...link };
  const fit = fitRequest(isOwnSpec ? onSpecForm(asked) : asked, offered);
  return {
    values: fromRequest(fit.request, offered.presets, empty),
    notes: [...notes, ...fit.notes],
  };
}

/** Only what cannot be had any more is changed: what was begun stays, such as half a number. */
function fitDraft(values: FormValues, offered: Choosable, empty: FormValues) {
  const environment = offered.environments.find(({ name }) => name === values.environment);
  const { idle_timeout: idle, ...others } = toRequest(values, null, environment?.choices ?? []);
  const asked = Number.isFinite(idle) ? { ...others, idle_timeout: idle } : others;
  const fit = fitRequest(asked, offered);
  const isGone = ([field, value]: [string, unknown]) =>
    JSON.stringify(fit.request[field]) !== JSON.stringify(value);
  const gone = Object.entries(asked).filter(isGone);
  const changes = Object.fromEntries(gone.map(([field]) => [field, fit.request[field] ?? null]));
  return { values: { ...values, ...changesIn(changes, offered.presets, empty) }, notes: fit.notes };
}
