/** One thing that may be attached: a box to tick, with its description. */
import type { ReactNode } from "react";

import type { AccountOffer } from "../../api/types";
import { Text } from "../../ui/Text";

interface OfferLineProps {
  offer: AccountOffer;
  isChosen: boolean;
  onChoose: (isWanted: boolean) => void;
  children?: ReactNode;
}

export function OfferLine({ offer, isChosen, onChoose, children }: OfferLineProps) {
  return (
    <div className="d-flex flex-wrap gap-2 align-items-center mb-1">
      <label className="form-check mb-0 flex-fill">
        <input
          type="checkbox"
          className="form-check-input"
          checked={isChosen}
          onChange={(event) => {
            onChoose(event.target.checked);
          }}
        />
        <span className="form-check-label">
          <Text>{offer.name}</Text>
          {offer.description && (
            <small className="d-block text-body-secondary">
              <Text>{offer.description}</Text>
            </small>
          )}
        </span>
      </label>
      {children}
    </div>
  );
}
