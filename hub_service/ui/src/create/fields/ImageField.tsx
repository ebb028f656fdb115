/** An image of one's own in place of the environment's. */
import { useWatch } from "react-hook-form";

import type { Environment } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { TextField } from "./TextField";

export function ImageField({ environments }: { environments: Environment[] }) {
  const chosen = useWatch<FormValues, "environment">({ name: "environment" });
  const environment = environments.find(({ name }) => name === chosen);
  const mayNot = environment?.custom_image_allowed === false ? texts.form.imageMayNot : undefined;
  return (
    <TextField
      name="image"
      field="image"
      label={texts.form.image}
      help={texts.form.imageHelp}
      placeholder={environment?.image ?? ""}
      reason={boot.me.unsupported.image ?? mayNot}
    />
  );
}
