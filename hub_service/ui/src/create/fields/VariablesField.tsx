/** Variables of the session's programs. Their values are kept nowhere in the browser. */
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { Rows } from "./Rows";
import { RowText } from "./RowText";

export function VariablesField() {
  return (
    <Rows
      name="env"
      legend={texts.form.env}
      help={texts.form.envHelp}
      reason={boot.me.unsupported.env}
      add={texts.form.addVariable}
      remove={texts.form.removeVariable}
      empty={{ name: "", value: "" }}
      row={(place) => (
        <>
          <RowText
            name={`env.${place}.name`}
            label={texts.form.variableName(place + 1)}
            title={texts.form.rowTitles.name}
            placeholder={texts.form.variableNameHint}
          />
          <RowText
            name={`env.${place}.value`}
            label={texts.form.variableValue(place + 1)}
            title={texts.form.rowTitles.value}
          />
        </>
      )}
    />
  );
}
