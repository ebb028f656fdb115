/** As whom the session acts in the cluster. */
import { useOffered } from "../../api/queries";
import type { AccountOffer } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { OfferSelect } from "./OfferSelect";
import { emptyReason } from "./Rows";

export function ServiceAccountField() {
  const unsupported = boot.me.unsupported.service_account;
  const { data, failureReason } = useOffered<AccountOffer>(
    "service-accounts",
    unsupported === undefined,
  );
  const none = emptyReason(data, failureReason, texts.form.noAccounts);
  return (
    <OfferSelect
      name="service_account"
      label={texts.form.serviceAccount}
      none={texts.form.noAccount}
      offers={(data ?? []).map((one) => ({ ...one, label: one.name }))}
      reason={unsupported ?? none}
    />
  );
}
