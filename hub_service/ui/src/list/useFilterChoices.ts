/** The values that exist for each filter: what the service offers, and what the rows have. */
import { useBillingProjects, useDrives, useEnvironments } from "../api/queries";
import type { Session } from "../api/types";
import { isMissing } from "../api/useSession";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { useHere } from "../url/location";
import { TAB_STATES, type FilterName } from "../url/list-query";
import { choicesFrom, type Choice } from "./choices";

/** Null while the values are not known yet. */
export type FilterChoices = Record<Exclude<FilterName, "owner">, Choice[] | null>;

export function useFilterChoices(rows: Session[], withBilling: boolean): FilterChoices {
  const { tab, query } = useHere();
  const { data: environments } = useEnvironments();
  const { data: drives } = useDrives();
  const seesOthers = boot.me.may?.see_others === true;
  const billing = useBillingProjects(withBilling || query.billing_project.length > 0, seesOthers);
  const own = seesOthers ? texts.filters.eachDefault : texts.list.yourDefault;
  return {
    environment: choicesFrom(
      environments?.map(({ name, title }) => ({ value: name, label: title })),
      rows.map((row) => ({ value: row.environment, label: row.environment_title })),
    ),
    drive: choicesFrom(
      drives && [
        { value: "default", label: own },
        ...drives.map(({ name }) => ({ value: name, label: name })),
      ],
      rows.map(({ drive }) => ({ value: drive, label: drive === "default" ? own : drive })),
    ),
    billing_project: choicesFrom(
      isMissing(billing.error)
        ? []
        : billing.data?.map(({ id, name }) => ({ value: id, label: name })),
      rows.flatMap(({ billing_project: id }) => (id ? [{ value: id, label: id }] : [])),
    ),
    state: TAB_STATES[tab].map((status) => ({ value: status, label: status })),
  };
}
