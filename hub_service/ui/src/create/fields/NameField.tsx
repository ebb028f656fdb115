/** The name of the session, which may be left out. */
import { texts } from "../../texts";
import { TextField } from "./TextField";

export function NameField() {
  return <TextField name="name" label={texts.form.name} help={texts.form.nameHelp} />;
}
