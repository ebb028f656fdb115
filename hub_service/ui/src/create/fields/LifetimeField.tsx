/** The longest life: it ends the session whatever happens. */
import { useFormContext } from "react-hook-form";

import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { GroupBox, useFieldIds } from "./Field";
import { RowText } from "./RowText";

const UNITS = ["minutes", "hours", "days"] as const;

export function LifetimeField() {
  const { register } = useFormContext<FormValues>();
  const state = useFieldIds("max_lifetime");
  return (
    <GroupBox
      field="max_lifetime"
      legend={texts.form.lifetime}
      help={texts.form.lifetimeHelp}
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
