/** A labelled text field that react-hook-form keeps. */
import { useFormContext, type FieldPath } from "react-hook-form";

import { visible } from "../../ui/visible";
import type { FormValues } from "../values";
import { ByYaml, Message, useFieldIds } from "./Field";

interface TextFieldProps {
  name: FieldPath<FormValues>;
  /** The request's field, if YAML of one's own may override it. */
  field?: string;
  label: string;
  help?: string;
  placeholder?: string;
  inputMode?: "numeric" | "decimal";
  className?: string;
  /** Why it cannot be used. */
  reason?: string | undefined;
}

export function TextField({
  name,
  field,
  label,
  help,
  reason,
  className,
  ...more
}: TextFieldProps) {
  const { register } = useFormContext<FormValues>();
  const { id, describedBy, isWrong, message, check } = useFieldIds(name);
  return (
    <div className={`field ${className ?? ""}`}>
      <label htmlFor={id} className="form-label">
        {label}
      </label>
      {field && <ByYaml field={field} />}
      <input
        id={id}
        className="form-control"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        aria-disabled={reason !== undefined}
        readOnly={reason !== undefined}
        {...more}
        {...register(name)}
      />
      {(reason ?? help) && (
        <div id={`${id}-help`} className="form-text">
          {visible(reason ?? help ?? "")}
        </div>
      )}
      <Message id={id} message={message} check={check} />
    </div>
  );
}
