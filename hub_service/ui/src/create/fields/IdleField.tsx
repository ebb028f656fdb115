/** The idle timeout: presets as radios, and minutes of one's own. */
import { useFormContext, useWatch } from "react-hook-form";

import { texts } from "../../texts";
import { OTHER, type FormValues } from "../form";
import { idlePresets, presetWords } from "../presets";
import { Message, RadioGroup, useFieldIds } from "./Field";

export function IdleField() {
  const { register, control } = useFormContext<FormValues>();
  const chosen = useWatch({ control, name: "idle" });
  const { message, ...ids } = useFieldIds("idle");
  const presets = idlePresets();
  const reasons = [...new Set(presets.flatMap(({ reason }) => reason ?? []))];
  return (
    <>
      <RadioGroup
        legend={texts.form.idle}
        help={[texts.form.idleHelp, ...reasons].join(" ")}
        message={message}
        ids={ids}
      >
        <div className="choice-row">
          {presets.map(({ seconds, reason }) => (
            <label key={seconds} className="choice">
              <input
                type="radio"
                className="form-check-input"
                value={String(seconds)}
                disabled={reason !== null}
                {...register("idle")}
              />
              <span>{presetWords(seconds)}</span>
            </label>
          ))}
          <label className="choice">
            <input type="radio" className="form-check-input" value={OTHER} {...register("idle")} />
            <span>{texts.form.other}</span>
          </label>
        </div>
      </RadioGroup>
      {chosen === OTHER && <MinutesField />}
    </>
  );
}

function MinutesField() {
  const { register } = useFormContext<FormValues>();
  const { id, isWrong, message } = useFieldIds("minutes");
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {texts.form.otherMinutes}
      </label>
      <input
        id={id}
        inputMode="numeric"
        className="form-control w-auto"
        aria-describedby={`${id}-message`}
        aria-invalid={isWrong}
        {...register("minutes")}
      />
      <Message id={id} message={message} />
    </div>
  );
}
