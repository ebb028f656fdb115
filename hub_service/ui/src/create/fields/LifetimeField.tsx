/** The longest life: it ends the session whatever happens. */
import { useFormContext } from "react-hook-form";

import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { durationWords } from "../../time/words";
import type { FormValues } from "../values";
import { GroupBox, useFieldIds } from "./Field";
import { RowText } from "./RowText";

const UNITS = ["minutes", "hours", "days"] as const;

export function LifetimeField() {
  const { register } = useFormContext<FormValues>();
  const state = useFieldIds("max_lifetime");
  const { lifetime_max: most = null } = boot.me;
  return (
    <GroupBox
      field="max_lifetime"
      legend={texts.form.lifetime}
      help={most === null ? texts.form.lifetimeHelp : texts.form.lifetimeLimit(durationWords(most))}
      reason={boot.me.unsupported.max_lifetime}
      state={state}
    >
      <div className="form-row">
        <RowText name="max_lifetime.number" label={texts.form.lifetimeNumber} inputMode="numeric" />
        <select
          className="form-select row-field"
          aria-label={texts.form.lifetimeUnit}
          {...register("max_lifetime.unit")}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {texts.form.units[unit]}
            </option>
          ))}
        </select>
      </div>
    </GroupBox>
  );
}
