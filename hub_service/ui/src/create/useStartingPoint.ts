/** What the form is filled with at first: a clone, a link, a draft, the last choices, the defaults. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { loadClone } from "../actions/calls";
import { useDrives, useEnvironments } from "../api/queries";
import type { Clone, Environment, FieldChange } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { preferences } from "../ui/preferences";
import { dropDraft, loadDraft } from "./draft";
import { defaultOf, fitting, type Offered } from "./fitting";
import { fromLink } from "./link";
import { idlePresets, limitReason } from "./presets";
import { fromRequest } from "./request";
import { emptyValues, type FormValues } from "./values";

export interface StartingPoint {
  values: FormValues;
  clonedFrom: string | null;
  /** What the form says about where its values come from. */
  notes: string[];
  changes: FieldChange[];
  environments: Environment[];
  source: string;
  /** Whether a pod of one's own is what it is about. */
  isOwnSpec: boolean;
}

/** Null while it is loading; an error when the clone or the environments cannot be had. */
export function useStartingPoint(search: string) {
  const cloneId = new URLSearchParams(search).get("clone");
  const environments = useEnvironments();
  const drives = useDrives();
  const clone = useQuery({
    queryKey: ["clone", cloneId],
    queryFn: () => loadClone(cloneId ?? ""),
    enabled: cloneId !== null,
    gcTime: 0,
    retry: false,
  });
  const [isFresh, setIsFresh] = useState(false);
  // What the form starts from stays, whatever is loaded anew meanwhile.
  const [point, setPoint] = useState<{ key: string; made: StartingPoint } | null>(null);
  const key = `${String(isFresh)} ${search}`;
  // Whether a remembered drive is still there has to be known before the form shows it.
  const isReady =
    environments.data && (cloneId === null || clone.data) && (drives.data ?? drives.error);
  let made = point?.key === key ? point.made : null;
  if (!made && isReady) {
    const offered = {
      environments: environments.data,
      drives: drives.data,
      unsupported: boot.me.unsupported,
      idleReason: limitReason,
    };
    made = makePoint(search, offered, isFresh, clone.data);
    setPoint({ key, made });
  }
  return {
    point: made,
    error: environments.error ?? clone.error,
    startOver: () => {
      dropDraft();
      setIsFresh(true);
    },
    isFresh,
  };
}

function makePoint(
  search: string,
  offered: Offered,
  isFresh: boolean,
  clone?: Clone,
): StartingPoint {
  const empty = defaults(offered);
  const { values: asked, notes } = beginning(search, empty, isFresh, clone);
  const fit = fitting(asked, offered, empty);
  return {
    values: fit.values,
    clonedFrom: clone?.request.cloned_from ?? null,
    notes: [...notes, ...fit.notes],
    changes: clone?.changes ?? [],
    environments: [...offered.environments],
    source: search,
    isOwnSpec: new URLSearchParams(search).has("spec"),
  };
}

/** What was chosen before, wherever that was, and a word about where. */
function beginning(search: string, empty: FormValues, isFresh: boolean, clone?: Clone) {
  const { request: link, unknown } = fromLink(search);
  const notes = unknown.map((field) => texts.form.unknownField(field));
  const draft = isFresh ? null : loadDraft(search);
  if (draft) {
    const lost = draft.values.env.length > 0 ? [texts.form.valuesNotKept] : [];
    return { values: draft.values, notes: [texts.form.filledByDraft, ...lost, ...notes] };
  }
  const isLink = Object.keys(link).length > 0;
  const last = isFresh || isLink || clone ? null : preferences().lastChoices;
  if (isLink && !clone) notes.unshift(texts.form.filledByLink);
  if (last) notes.unshift(texts.form.filledByLast);
  const presets = idlePresets().map(({ seconds }) => seconds);
  const request = { ...(clone?.request ?? last ?? {}), ...link };
  return { values: fromRequest(request, presets, empty), notes };
}

function defaults({ environments }: Offered): FormValues {
  const environment = defaultOf(environments);
  const idle = environment?.idle_default ?? boot.me.idle?.default ?? 900;
  return emptyValues(environment?.name ?? "", idle);
}
