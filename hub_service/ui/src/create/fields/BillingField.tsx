/** Who pays for the session. */
import { useBillingProjects } from "../../api/queries";
import type { BillingProject } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { dateWords } from "../../time/words";
import { serverNow } from "../../boot/boot";
import { leftOf } from "../summary-words";
import { OfferSelect } from "./OfferSelect";
import { emptyReason } from "./Rows";

export function BillingField() {
  const unsupported = boot.me.unsupported.billing_project;
  const { data, failureReason } = useBillingProjects(unsupported === undefined);
  const none = emptyReason(data, failureReason, texts.form.noProjects);
  return (
    <OfferSelect
      name="billing_project"
      label={texts.form.billing}
      none={texts.form.noProject}
      offers={(data ?? []).map((one) => ({
        id: one.id,
        label: isUsedUp(one) ? texts.form.billingOver(one.name, endOf(one)) : one.name,
        description: [one.description, leftOf(one, boot.me.currency)].filter(Boolean).join(" · "),
        isClosed: isUsedUp(one),
      }))}
      reason={unsupported ?? none}
    />
  );
}

/** An empty project that stops sessions lets none start. */
function isUsedUp({ state, on_over: onOver }: BillingProject): boolean {
  return state === "over" && onOver === "stop";
}

function endOf({ period_ends: end }: BillingProject): string {
  return end ? dateWords(Date.parse(end), serverNow()) : "";
}
