/** One field of a row: what it is stands above it, which row it is screen readers say besides. */
import { useFormContext, type FieldPath } from "react-hook-form";

import type { FormValues } from "../values";
import { Message, useFieldIds } from "./Field";

interface RowTextProps {
  name: FieldPath<FormValues>;
  label: string;
  /** What is seen above the field; it is a part of the label. */
  title?: string;
  placeholder?: string;
  inputMode?: "numeric";
}

export function RowText({ name, label, title, ...more }: RowTextProps) {
  const { register } = useFormContext<FormValues>();
  const { id, isWrong, message, check } = useFieldIds(name);
  return (
    <div className="row-field">
      <RowTitle>{title}</RowTitle>
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

/** The field's own name says the same to screen readers. */
export function RowTitle({ children }: { children: string | undefined }) {
  if (!children) return null;
  return (
    <span className="row-title" aria-hidden="true">
      {children}
    </span>
  );
}
