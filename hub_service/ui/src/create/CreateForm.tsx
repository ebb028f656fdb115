/** The form of a new session: fields on the left, what comes of them on the right. */
import { useEffect, useId, useState } from "react";
import { FormProvider, useForm, useWatch, type UseFormReturn } from "react-hook-form";

import { ApiError } from "../api/client";
import { closeLayer } from "../url/location";
import { Dialog } from "../ui/Dialog";
import { preferences } from "../ui/preferences";
import { CreateFooter } from "./CreateFooter";
import { keepDraft } from "./draft";
import { fieldOf, toRequest, without, type FormValues } from "./form";
import { DriveField } from "./fields/DriveField";
import { EnvironmentField } from "./fields/EnvironmentField";
import { IdleField } from "./fields/IdleField";
import { NameField } from "./fields/NameField";
import { FormNotes } from "./FormNotes";
import { Refusal } from "./Refusal";
import { resolver } from "./resolver";
import { Summary } from "./Summary";
import { openWaitingTab, useCreate } from "./useCreate";
import { usePreview } from "./usePreview";
import type { StartingPoint } from "./useStartingPoint";

interface CreateFormProps {
  title: string;
  point: StartingPoint;
  onStartOver: (() => void) | null;
}

export function CreateForm({ title, point, onStartOver }: CreateFormProps) {
  const id = useId();
  const { environments, source } = point;
  const [rest, setRest] = useState(point.rest);
  const form = useForm<FormValues>({ defaultValues: point.values, mode: "onTouched", resolver });
  const [refusal, setRefusal] = useState<Error | null>(null);
  const values = useWatch({ control: form.control }) as FormValues;
  const environment = environments.find(({ name }) => name === values.environment);
  const request = toRequest(values, rest, environment?.choices ?? []);
  const preview = usePreview(
    request,
    Number.isFinite(request.idle_timeout) && !!request.environment,
  );
  const create = useCreate((error) => {
    setRefusal(error);
    showAtFields(form, error);
  });

  useEffect(() => {
    if (form.formState.isDirty) keepDraft({ values, rest, source });
  }, [form.formState.isDirty, values, rest, source]);

  const submit = form.handleSubmit(() => {
    if (create.isPending) return;
    setRefusal(null);
    const tab = preferences().openWhenReady ? openWaitingTab() : null;
    create.mutate({ request, tab });
  });

  return (
    <Dialog
      title={title}
      onClose={closeLayer}
      size="wide"
      footer={<CreateFooter formId={id} isBusy={create.isPending} />}
    >
      <FormProvider {...form}>
        <form
          id={id}
          noValidate
          className="create"
          onSubmit={(event) => void submit(event)}
          onKeyDown={(event) => {
            // Enter in a text field does not start a session.
            const isText = event.target instanceof HTMLInputElement;
            if (event.key === "Enter" && isText && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
            }
          }}
        >
          <div className="create-fields">
            <FormNotes point={point} rest={rest} onStartOver={onStartOver} />
            <Refusal error={refusal} waiting={create.failureReason} isBusy={create.isPending} />
            <NameField />
            <EnvironmentField
              environments={environments}
              onChange={() => {
                setRest((carried) => without(carried, ["image", "resources"]));
              }}
            />
            <IdleField />
            <DriveField />
          </div>
          <Summary
            values={values}
            environment={environment}
            preview={preview.data}
            isChecking={preview.isFetching}
            failure={preview.error}
            onFix={(changes) => {
              const { idle_timeout, drive, ...others } = changes;
              if (idle_timeout !== undefined) form.setValue("idle", String(idle_timeout), DIRTY);
              if (drive !== undefined) form.setValue("drive", drive, DIRTY);
              setRest({ ...rest, ...others });
            }}
          />
        </form>
      </FormProvider>
    </Dialog>
  );
}

/** Put the service's sentences at their fields; focus goes to the first one. */
function showAtFields(form: UseFormReturn<FormValues>, error: Error): void {
  if (!(error instanceof ApiError)) return;
  for (const [path, message] of Object.entries(error.fields)) {
    const field = fieldOf(path);
    if (field) form.setError(field, { type: "server", message }, { shouldFocus: true });
  }
}

const DIRTY = { shouldDirty: true, shouldValidate: true };
