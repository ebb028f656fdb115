/** The proxy of Cloud SQL, and the instances that it leads to. */
import { useController, useFormContext, useWatch } from "react-hook-form";

import { useOffered } from "../../api/queries";
import type { InstanceOffer } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { GroupBox, useFieldIds } from "./Field";
import { OfferLine } from "./OfferLine";
import { emptyReason } from "./Rows";

export function CloudSqlField() {
  const { register } = useFormContext<FormValues>();
  const isOn = useWatch<FormValues, "cloud_sql_on">({ name: "cloud_sql_on" });
  const unsupported = boot.me.unsupported.cloud_sql;
  const { data, error } = useOffered<InstanceOffer>("cloud-sql", unsupported === undefined);
  const state = useFieldIds("cloud_sql");
  const none = error ? texts.form.notLoaded : emptyReason(data, texts.form.noInstances);
  const reason = unsupported ?? none;
  return (
    <GroupBox field="cloud_sql" legend={texts.form.cloudSql} reason={reason} state={state}>
      <label className="form-check form-switch">
        <input
          type="checkbox"
          role="switch"
          className="form-check-input"
          aria-invalid={state.isWrong}
          {...register("cloud_sql_on")}
        />
        <span className="form-check-label">{texts.form.cloudSql}</span>
      </label>
      {isOn && <Instances offers={data ?? []} />}
    </GroupBox>
  );
}

function Instances({ offers }: { offers: InstanceOffer[] }) {
  const { field } = useController<FormValues, "cloud_sql">({ name: "cloud_sql" });
  const chosen = field.value;
  const gone = chosen.filter(({ instance }) => !offers.some(({ id }) => id === instance));
  const lines = [...offers, ...gone.map(({ instance: id }) => ({ id, name: id, description: "" }))];
  return (
    <div role="group" aria-label={texts.form.instances}>
      {lines.map((offer) => (
        <OfferLine
          key={offer.id}
          offer={offer}
          isChosen={chosen.some(({ instance }) => instance === offer.id)}
          onChoose={(isWanted) => {
            const others = chosen.filter(({ instance }) => instance !== offer.id);
            field.onChange(isWanted ? [...others, { instance: offer.id, port: null }] : others);
          }}
        />
      ))}
    </div>
  );
}
