/** The proxy of Cloud SQL, and the instances that it leads to. */
import { useController, useFormContext, useWatch } from "react-hook-form";

import { useOffered } from "../../api/queries";
import type { AccountOffer, InstanceOffer } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues, InstanceChoice } from "../values";
import { GroupBox, useFieldIds } from "./Field";
import { OfferLine } from "./OfferLine";
import { emptyReason } from "./Rows";

export function CloudSqlField() {
  const { register } = useFormContext<FormValues>();
  const isOn = useWatch<FormValues, "cloud_sql_on">({ name: "cloud_sql_on" });
  const { field } = useController<FormValues, "cloud_sql">({ name: "cloud_sql" });
  const unsupported = boot.me.unsupported.cloud_sql;
  const { data, failureReason } = useOffered<InstanceOffer>("cloud-sql", unsupported === undefined);
  const state = useFieldIds("cloud_sql");
  const offers = data && withGone(data, field.value);
  return (
    <GroupBox
      field="cloud_sql"
      legend={texts.form.cloudSql}
      reason={unsupported ?? emptyReason(offers, failureReason, texts.form.noInstances)}
      state={state}
    >
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
      {isOn && <Instances offers={offers ?? []} chosen={field.value} onChange={field.onChange} />}
    </GroupBox>
  );
}

/** What was chosen and is offered no more stays, so that it can be taken off. */
function withGone(offers: AccountOffer[], chosen: InstanceChoice[]): AccountOffer[] {
  const gone = chosen.filter(({ instance }) => !offers.some(({ id }) => id === instance));
  return [...offers, ...gone.map(({ instance: id }) => ({ id, name: id, description: "" }))];
}

interface InstancesProps {
  offers: AccountOffer[];
  chosen: InstanceChoice[];
  onChange: (chosen: InstanceChoice[]) => void;
}

function Instances({ offers, chosen, onChange }: InstancesProps) {
  return (
    <div role="group" aria-label={texts.form.instances}>
      {offers.map((offer) => (
        <OfferLine
          key={offer.id}
          offer={offer}
          isChosen={chosen.some(({ instance }) => instance === offer.id)}
          onChoose={(isWanted) => {
            const others = chosen.filter(({ instance }) => instance !== offer.id);
            onChange(isWanted ? [...others, { instance: offer.id, port: null }] : others);
          }}
        />
      ))}
    </div>
  );
}
