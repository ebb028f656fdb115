/** The state of the form: its tab, its checks, its draft, and sending it. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useForm, type FieldPath, type UseFormReturn } from "react-hook-form";

import { ApiError } from "../api/client";
import type { Check, LaunchRequest } from "../api/types";
import { driveInMaking } from "../drives/changes";
import { texts } from "../texts";
import { preferences } from "../ui/preferences";
import { visible } from "../ui/visible";
import type { StartingPoint } from "./beginning";
import { checkedFields } from "./checked";
import { idlePresets } from "./presets";
import { changesIn, toRequest } from "./request";
import { resolver } from "./resolver";
import { openWaitingTab, useCreate } from "./useCreate";
import { useKeptDraft } from "./useKeptDraft";
import { askChecksAnew, knownPreview, leaveChecks } from "./usePreview";
import { fieldOf, tabOf, type FormTab, type FormValues } from "./values";

export function useCreateForm(point: StartingPoint) {
  const { environments, source, clonedFrom } = point;
  const client = useQueryClient();
  const form = useForm<FormValues>({ defaultValues: point.values, mode: "onTouched", resolver });
  const { getValues, setValue, setFocus, setError } = form;
  const [tab, setTab] = useState<FormTab>("general");
  const [refusal, setRefusal] = useState<Error | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const focusWrong = useFocusWrong(element, setTab);

  useKeptDraft(form, point);
  useBegin(form, point.values);

  const create = useCreate((error) => {
    setRefusal(error);
    askChecksAnew(client);
    const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
    const found = fields.flatMap(([path, message]) => {
      const field = fieldOf(path, getValues());
      if (field === null) return [];
      setError(field as FieldPath<FormValues>, { type: "server", message });
      return [field];
    });
    if (found.length > 0) focusWrong(found);
  });

  const send = (values: FormValues) => {
    if (create.isPending) return;
    const making = driveInMaking(client);
    if (making !== undefined) {
      setError("drive", { type: "server", message: texts.form.driveWaits(visible(making)) });
      focusWrong(["drive"]);
      return;
    }
    const environment = environments.find(({ name }) => name === values.environment);
    const request = toRequest(values, clonedFrom, environment?.choices ?? []);
    const wrong = Object.keys(checkedFields(knownPreview(client, request), values));
    if (wrong.length > 0) {
      focusWrong(wrong);
      askChecksAnew(client);
      return;
    }
    setRefusal(null);
    leaveChecks(client);
    const tab = preferences().openWhenReady ? openWaitingTab() : null;
    create.send({ request, draft: { values, source }, tab });
  };
  const submit = form.handleSubmit(send, (errors) => {
    focusWrong(Object.keys(errors));
  });

  /** Take over what a check offers to change; without changes lead to its field. */
  const fix = useCallback(
    ({ field }: Check, changes: Partial<LaunchRequest>) => {
      const presets = idlePresets().map(({ seconds }) => seconds);
      for (const [key, value] of Object.entries(changesIn(changes, presets, getValues()))) {
        setValue(key as keyof FormValues, value as never, CHANGED);
      }
      const shown = fieldOf(field ?? "", getValues());
      if (Object.keys(changes).length > 0 || shown === null) return;
      flushSync(() => {
        setTab(tabOf(shown));
      });
      setFocus(shown as FieldPath<FormValues>);
    },
    [getValues, setValue, setFocus],
  );

  /** Before everything is emptied: the button that asked for it goes. */
  const leadToStart = () => {
    setRefusal(null);
    flushSync(() => {
      setTab("general");
    });
    setFocus("name");
  };
  return { form, element, tab, setTab, create, refusal, submit, fix, leadToStart };
}

/** Take other values when the form begins anew. */
function useBegin({ reset }: UseFormReturn<FormValues>, values: FormValues): void {
  const begun = useRef(values);
  useEffect(() => {
    if (begun.current === values) return;
    begun.current = values;
    reset(values);
  }, [reset, values]);
}

const CHANGED = { shouldDirty: true, shouldTouch: true, shouldValidate: true };

/** Returns what opens the tab of the first wrong field and leads there. */
function useFocusWrong(
  form: React.RefObject<HTMLFormElement | null>,
  setTab: (tab: FormTab) => void,
): (paths: string[]) => void {
  const [wanted, setWanted] = useState(0);
  useEffect(() => {
    if (wanted === 0) return;
    // After the messages and the tab are drawn.
    const panel = form.current?.querySelector("[role=tabpanel]:not([hidden])");
    const wrong =
      panel?.querySelector<HTMLElement>("[aria-invalid=true], [data-wrong=true]") ??
      form.current?.querySelector<HTMLElement>(".yaml-choice [aria-invalid=true]");
    const field = wrong?.matches("input, select, textarea, button")
      ? wrong
      : wrong?.querySelector<HTMLElement>("input:not(:disabled), select, textarea, button");
    field?.focus();
  }, [form, wanted]);
  return useCallback(
    (paths: string[]) => {
      setTab(paths.some((path) => tabOf(path) === "general") ? "general" : "advanced");
      setWanted((count) => count + 1);
    },
    [setTab],
  );
}
