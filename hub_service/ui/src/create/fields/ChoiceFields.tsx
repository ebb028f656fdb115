/** The options of the chosen environment, each a select; text of one's own where it is allowed. */
import { useFormContext, useWatch } from "react-hook-form";

import type { EnvironmentChoice } from "../../api/types";
import { texts } from "../../texts";
import { visible } from "../../ui/visible";
import { UNLISTED, type FormValues } from "../values";
import { Message, useFieldIds } from "./Field";

export function ChoiceFields({ options }: { options: EnvironmentChoice[] }) {
  return options.map((option) => <ChoiceField key={option.name} option={option} />);
}

function ChoiceField({ option }: { option: EnvironmentChoice }) {
  const { register, control } = useFormContext<FormValues>();
  const chosen = useWatch({ control, name: `choices.${option.name}` });
  const own = useFieldIds(`unlisted.${option.name}`);
  const { id, isWrong, message, check } = useFieldIds(`choices.${option.name}`);
  const title = visible(option.title);
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {title}
      </label>
      <select
        id={id}
        className="form-select"
        aria-describedby={`${id}-message`}
        aria-invalid={isWrong}
        {...register(`choices.${option.name}`)}
      >
        {Object.entries(option.values).map(([value, label]) => (
          <option key={value} value={value}>
            {visible(label)}
          </option>
        ))}
        {option.unlisted !== null && <option value={UNLISTED}>{texts.form.unlisted}</option>}
      </select>
      {chosen === UNLISTED && (
        <input
          className="form-control mt-2"
          aria-label={texts.form.unlistedField(title)}
          aria-invalid={own.isWrong}
          aria-describedby={`${id}-message`}
          {...register(`unlisted.${option.name}`)}
        />
      )}
      <Message id={id} message={own.message ?? message} check={own.message ? undefined : check} />
    </div>
  );
}
