/** The secrets that are shared with the visitor, by name: their values are nowhere here. */
import { useController } from "react-hook-form";

import { useOffered } from "../../api/queries";
import type { SecretOffer } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { visible } from "../../ui/visible";
import type { FormValues, SecretChoice } from "../values";
import { GroupBox, useFieldIds } from "./Field";
import { OfferLine } from "./OfferLine";
import { emptyReason } from "./Rows";

export function SecretsField() {
  const unsupported = boot.me.unsupported.secrets;
  const { data, failureReason } = useOffered<SecretOffer>("secrets", unsupported === undefined);
  const { field } = useController<FormValues, "secrets">({ name: "secrets" });
  const state = useFieldIds("secrets");
  const chosen = field.value;
  const gone = chosen.filter(({ name }) => !data?.some(({ id }) => id === name)).map(goneOffer);
  const offers = data ? [...data, ...gone] : [];
  const none = emptyReason(data && offers, failureReason, texts.form.noSecrets);
  return (
    <GroupBox
      field="secrets"
      legend={texts.form.secrets}
      help={texts.form.secretsHelp}
      reason={unsupported ?? none}
      state={state}
    >
      {offers.map((offer) => (
        <SecretLine
          key={offer.id}
          offer={offer}
          chosen={chosen.find(({ name }) => name === offer.id)}
          onChange={(choice) => {
            const others = chosen.filter(({ name }) => name !== offer.id);
            field.onChange(choice ? [...others, choice] : others);
          }}
        />
      ))}
    </GroupBox>
  );
}

interface SecretLineProps {
  offer: SecretOffer;
  chosen: SecretChoice | undefined;
  onChange: (choice: SecretChoice | null) => void;
}

function SecretLine({ offer, chosen, onChange }: SecretLineProps) {
  const { id: name, ways } = offer;
  return (
    <OfferLine
      offer={offer}
      isChosen={chosen !== undefined}
      onChoose={(isWanted) => {
        onChange(isWanted ? { name, as: wayOf(ways), path: null } : null);
      }}
    >
      {chosen && (
        <select
          className="form-select form-select-sm w-auto"
          aria-label={texts.form.secretAs(visible(offer.name))}
          value={chosen.as}
          onChange={(event) => {
            const as = event.target.value as SecretChoice["as"];
            onChange({ ...chosen, as, path: as === "env" ? null : chosen.path });
          }}
        >
          {ways.map((way) => (
            <option key={way} value={way}>
              {texts.form.ways[way] ?? way}
            </option>
          ))}
        </select>
      )}
    </OfferLine>
  );
}

function wayOf(ways: string[]): SecretChoice["as"] {
  return (ways[0] ?? "env") as SecretChoice["as"];
}

function goneOffer({ name, as }: SecretChoice): SecretOffer {
  return { id: name, name, description: "", ways: [as] };
}
