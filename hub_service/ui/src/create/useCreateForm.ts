/** The state of the form: its values, the request that comes of them, checks, draft and sending. */
import { useEffect, useState } from "react";
import { useForm, useWatch, type UseFormReturn } from "react-hook-form";

import { ApiError } from "../api/client";
import type { LaunchRequest } from "../api/types";
import { preferences } from "../ui/preferences";
import { checkedFields } from "./checked";
import { keepDraft } from "./draft";
import { fieldOf, toRequest, without, type FormValues } from "./form";
import { resolver } from "./resolver";
import { openWaitingTab, useCreate } from "./useCreate";
import { usePreview } from "./usePreview";
import type { StartingPoint } from "./useStartingPoint";

export function useCreateForm({ environments, source, ...point }: StartingPoint) {
  const [rest, setRest] = useState(point.rest);
  const [refusal, setRefusal] = useState<Error | null>(null);
  const form = useForm<FormValues>({ defaultValues: point.values, mode: "onTouched", resolver });
  const values = useWatch({ control: form.control }) as FormValues;
  const environment = environments.find(({ name }) => name === values.environment);
  const request = toRequest(values, rest, environment?.choices ?? []);
  const isComplete = Number.isFinite(request.idle_timeout) && request.environment !== "";
  const { preview, isCurrent } = usePreview(request, isComplete);
  const checked = checkedFields(preview.data);
  const create = useCreate((error) => {
    setRefusal(error);
    showAtFields(form, error);
  });

  const { isDirty } = form.formState;
  useEffect(() => {
    if (isDirty) keepDraft({ values, rest, source });
  }, [isDirty, values, rest, source]);

  const submit = form.handleSubmit(() => {
    if (create.isPending) return;
    const [wrong] = Object.keys(checked) as (keyof FormValues)[];
    if (wrong && isCurrent) {
      // Asked again meanwhile: what was wrong may have been mended elsewhere.
      void preview.refetch();
      form.setFocus(wrong);
      return;
    }
    setRefusal(null);
    const tab = preferences().openWhenReady ? openWaitingTab() : null;
    create.mutate({ request, tab });
  });

  /** Take over what a check offers to change. */
  const fix = ({ idle_timeout, drive, ...others }: Partial<LaunchRequest>) => {
    if (idle_timeout !== undefined) form.setValue("idle", String(idle_timeout), DIRTY);
    if (drive !== undefined) form.setValue("drive", drive, DIRTY);
    setRest({ ...rest, ...others });
  };
  /** Leave out what a clone brought and the form does not show. */
  const leaveOut = (...fields: string[]) => {
    setRest(without(rest, fields));
  };
  /** Another environment: what belonged to the former one goes. */
  const forgetSize = () => {
    leaveOut("image", "resources");
  };
  return {
    form,
    values,
    rest,
    environment,
    preview,
    checked,
    create,
    refusal,
    submit,
    fix,
    leaveOut,
    forgetSize,
  };
}

const DIRTY = { shouldDirty: true, shouldValidate: true };

/** Put the service's sentences at their fields; focus goes to the first one. */
function showAtFields(form: UseFormReturn<FormValues>, error: Error): void {
  if (!(error instanceof ApiError)) return;
  for (const [path, message] of Object.entries(error.fields)) {
    const field = fieldOf(path);
    if (field) form.setError(field, { type: "server", message }, { shouldFocus: true });
  }
}
