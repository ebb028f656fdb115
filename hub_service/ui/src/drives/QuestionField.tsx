/** A field of the small dialogs: Enter does what the dialog's button does. */
import { useId } from "react";

import { FieldMessage } from "../ui/FieldMessage";

interface QuestionFieldProps {
  label: string;
  help?: string;
  message: string;
  value: string;
  isFirst?: boolean;
  inputMode?: "decimal";
  maxLength?: number;
  onChange: (value: string) => void;
  onEnter: () => void;
}

export function QuestionField(props: QuestionFieldProps) {
  const { label, help = "", message, value, isFirst, inputMode, maxLength = 40 } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {label}
      </label>
      <input
        id={id}
        className="form-control"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={maxLength}
        inputMode={inputMode}
        data-first-focus={isFirst ? "" : undefined}
        aria-describedby={`${id}-help ${id}-message`}
        aria-invalid={message !== ""}
        value={value}
        onChange={(event) => {
          props.onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          props.onEnter();
        }}
      />
      <div id={`${id}-help`} className="form-text">
        {help}
      </div>
      <FieldMessage id={`${id}-message`} message={message} />
    </div>
  );
}
