/** One of several offers, or none: a select with its description below. */
import { useFormContext, useWatch } from "react-hook-form";

import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";
import type { FormValues } from "../values";
import { ByYaml, Message, useFieldIds } from "./Field";

export interface SelectOffer {
  id: string;
  label: string;
  description: string;
  isClosed?: boolean;
}

interface OfferSelectProps {
  name: "service_account" | "billing_project";
  label: string;
  none: string;
  offers: SelectOffer[];
  reason: string | undefined;
}

export function OfferSelect({ name, label, none, offers, reason }: OfferSelectProps) {
  const { register } = useFormContext<FormValues>();
  const chosen = useWatch<FormValues>({ name }) as string;
  const { id, describedBy, isWrong, message, check } = useFieldIds(name);
  const found = offers.find((offer) => offer.id === chosen);
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {label}
      </label>
      <ByYaml field={name} />
      <select
        id={id}
        className="form-select"
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        aria-disabled={reason !== undefined}
        {...register(name)}
      >
        <option value="">{none}</option>
        {chosen && !found && <option value={chosen}>{visible(chosen)}</option>}
        {reason === undefined &&
          offers.map((offer) => (
            <option key={offer.id} value={offer.id} disabled={offer.isClosed}>
              {visible(offer.label)}
            </option>
          ))}
      </select>
      <div id={`${id}-help`} className="form-text">
        <Text>{reason ?? found?.description ?? ""}</Text>
      </div>
      <Message id={id} message={message} check={check} />
    </div>
  );
}
