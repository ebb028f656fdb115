/** How much of the machine: CPU, memory and GPU within what may be had. */
import { useWatch } from "react-hook-form";

import type { Environment } from "../../api/types";
import { boot } from "../../boot/boot";
import { quantityWords } from "../../list/quantity";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { ByYaml } from "./Field";
import { TextField } from "./TextField";

export function SizeFields({ environments }: { environments: Environment[] }) {
  const chosen = useWatch<FormValues, "environment">({ name: "environment" });
  const { default: given, max } = environments.find(({ name }) => name === chosen)?.resources ?? {};
  const { unsupported } = boot.me;
  const noGpu = max?.gpu ? undefined : texts.form.noGpu;
  return (
    <fieldset className="field">
      <legend className="form-label fs-6">
        {texts.form.size}
        <ByYaml field="resources" />
      </legend>
      <div className="row gx-2">
        <TextField
          name="resources.cpu"
          label={texts.form.cpu}
          inputMode="decimal"
          className="col-4"
          placeholder={given?.cpu ? quantityWords(given.cpu) : ""}
          reason={unsupported.resources ?? unsupported["resources.cpu"]}
          {...upTo(max?.cpu)}
        />
        <TextField
          name="resources.memory"
          label={texts.form.memory}
          className="col-4"
          placeholder={given?.memory ? quantityWords(given.memory).replace(/ GiB$/, "") : ""}
          reason={unsupported.resources ?? unsupported["resources.memory"]}
          {...upTo(max?.memory)}
        />
        <TextField
          name="resources.gpu"
          label={texts.form.gpu}
          inputMode="numeric"
          className="col-4"
          reason={unsupported.resources ?? unsupported["resources.gpu"] ?? noGpu}
          {...upTo(max?.gpu ? String(max.gpu) : null)}
        />
      </div>
      <div className="form-text">{texts.form.sizeHelp}</div>
    </fieldset>
  );
}

function upTo(most: string | null | undefined): { help?: string } {
  return most ? { help: texts.form.upTo(quantityWords(most)) } : {};
}
