/** One field of a row: its label is for screen readers, its message stands below. */
import { useFormContext, type FieldPath } from "react-hook-form";

import type { FormValues } from "../values";
import { Message, useFieldIds } from "./Field";

interface RowTextProps {
  name: FieldPath<FormValues>;
  label: string;
  placeholder?: string;
  inputMode?: "numeric";
}

export function RowText({ name, label, ...more }: RowTextProps) {
  const { register } = useFormContext<FormValues>();
  const { id, isWrong, message, check } = useFieldIds(name);
  return (
    <div className="row-field">
      <input
        className="form-control"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-describedby={`${id}-message`}
        aria-invalid={isWrong}
        {...more}
        {...register(name)}
      />
      <Message id={id} message={message} check={check} />
    </div>
  );
}
