/** The idle timeout: presets as radios, and minutes of one's own. */
import { useFormContext, useWatch } from "react-hook-form";

import { texts } from "../../texts";
import { idlePresets, presetWords } from "../presets";
import { OTHER, type FormValues } from "../values";
import { RadioGroup, useFieldIds } from "./Field";
import { TextField } from "./TextField";

export function IdleField() {
  const { register, control } = useFormContext<FormValues>();
  const chosen = useWatch({ control, name: "idle" });
  const { message, check, ...ids } = useFieldIds("idle");
  const presets = idlePresets();
  const reasons = [...new Set(presets.flatMap(({ reason }) => reason ?? []))];
  return (
    <>
      <RadioGroup
        legend={texts.form.idle}
        help={[texts.form.idleHelp, ...reasons].join(" ")}
        message={message}
        check={check}
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
  return <TextField name="minutes" label={texts.form.otherMinutes} inputMode="numeric" />;
}
