/** A labelled field with its help and its message, tied together for screen readers. */
import { use, useId, type ReactNode } from "react";
import { useFormContext, type FieldPath } from "react-hook-form";

import { Icon } from "../../ui/Icon";
import { Text } from "../../ui/Text";
import { CheckedContext } from "../checked";
import type { FormValues } from "../form";

interface FieldIds {
  id: string;
  describedBy: string;
  isWrong: boolean;
}

/** The ids of a field, its help and its message. */
export function useFieldIds(
  name: FieldPath<FormValues>,
): FieldIds & { message: string | undefined } {
  const id = useId();
  const { getFieldState, formState } = useFormContext<FormValues>();
  const checked = use(CheckedContext);
  const own = getFieldState(name, formState).error?.message as string | undefined;
  const message = own ?? checked[name as keyof FormValues];
  return { id, describedBy: `${id}-help ${id}-message`, isWrong: message !== undefined, message };
}

export function Message({ id, message }: { id: string; message: string | undefined }) {
  return (
    <div id={`${id}-message`} className="field-message">
      {message && (
        <>
          <Icon name="warn" /> <Text>{message}</Text>
        </>
      )}
    </div>
  );
}

interface GroupProps {
  legend: string;
  help?: string;
  message: string | undefined;
  ids: FieldIds;
  children: ReactNode;
}

/** A set of radios: a `radiogroup` with its legend as name. */
export function RadioGroup({ legend, help, message, ids, children }: GroupProps) {
  return (
    <div
      role="radiogroup"
      aria-labelledby={`${ids.id}-legend`}
      aria-describedby={ids.describedBy}
      aria-required="true"
      aria-invalid={ids.isWrong}
      className="field"
    >
      <div id={`${ids.id}-legend`} className="form-label">
        {legend}
      </div>
      {children}
      {help && (
        <div id={`${ids.id}-help`} className="form-text">
          {help}
        </div>
      )}
      <Message id={ids.id} message={message} />
    </div>
  );
}
