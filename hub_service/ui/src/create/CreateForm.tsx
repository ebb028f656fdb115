/** The form of a new session: fields on the left, what comes of them on the right. */
import { useId, type KeyboardEvent } from "react";
import { FormProvider } from "react-hook-form";

import { closeLayer } from "../url/location";
import { Dialog } from "../ui/Dialog";
import { CheckedContext } from "./checked";
import { CreateFooter } from "./CreateFooter";
import { DriveField } from "./fields/DriveField";
import { EnvironmentField } from "./fields/EnvironmentField";
import { IdleField } from "./fields/IdleField";
import { NameField } from "./fields/NameField";
import { FormNotes } from "./FormNotes";
import { Refusal } from "./Refusal";
import { Summary } from "./Summary";
import { useCreateForm } from "./useCreateForm";
import type { StartingPoint } from "./useStartingPoint";

interface CreateFormProps {
  title: string;
  point: StartingPoint;
  onStartOver: (() => void) | null;
}

export function CreateForm({ title, point, onStartOver }: CreateFormProps) {
  const id = useId();
  const { form, create, preview, ...state } = useCreateForm(point);
  return (
    <Dialog
      title={title}
      onClose={closeLayer}
      size="wide"
      footer={<CreateFooter formId={id} isBusy={create.isPending} />}
    >
      <CheckedContext value={state.checked}>
        <FormProvider {...form}>
          <form
            id={id}
            noValidate
            className="create"
            onSubmit={(event) => void state.submit(event)}
            onKeyDown={keepEnter}
          >
            <div className="create-fields">
              <FormNotes
                point={point}
                rest={state.rest}
                onLeaveOut={state.leaveOut}
                onStartOver={onStartOver}
              />
              <Refusal
                error={state.refusal}
                waiting={create.failureReason}
                isBusy={create.isPending}
              />
              <NameField />
              <EnvironmentField environments={point.environments} onChange={state.forgetSize} />
              <IdleField />
              <DriveField />
            </div>
            <Summary
              values={state.values}
              environment={state.environment}
              preview={preview.data}
              isChecking={preview.isFetching}
              failure={preview.error}
              onFix={state.fix}
            />
          </form>
        </FormProvider>
      </CheckedContext>
    </Dialog>
  );
}

/** Enter in a text field does not start a session; Ctrl or ⌘ with Enter does. */
function keepEnter(event: KeyboardEvent): void {
  const isText = event.target instanceof HTMLInputElement;
  if (event.key === "Enter" && isText && !event.ctrlKey && !event.metaKey) event.preventDefault();
}
