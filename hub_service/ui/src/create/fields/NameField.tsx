/** The name of the session, which may be left out. */
import { useFormContext } from "react-hook-form";

import { texts } from "../../texts";
import type { FormValues } from "../form";
import { Message, useFieldIds } from "./Field";

export function NameField() {
  const { register } = useFormContext<FormValues>();
  const { id, describedBy, isWrong, message } = useFieldIds("name");
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {texts.form.name}
      </label>
      <input
        id={id}
        className="form-control"
        autoComplete="off"
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        {...register("name")}
      />
      <div id={`${id}-help`} className="form-text">
        {texts.form.nameHelp}
      </div>
      <Message id={id} message={message} />
    </div>
  );
}
