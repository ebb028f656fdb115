/** The values that exist for each filter. */
import { useDrives, useEnvironments } from "../api/queries";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { useHere } from "../url/location";
import { TAB_STATES, type FilterName } from "../url/list-query";

export interface Choice {
  value: string;
  label: string;
}

/** Null while the values are not known yet. */
export type FilterChoices = Record<Exclude<FilterName, "owner">, Choice[] | null>;

export function useFilterChoices(): FilterChoices {
  const { tab } = useHere();
  const { data: environments } = useEnvironments();
  const { data: drives } = useDrives();
  return {
    environment: environments?.map(({ name, title }) => ({ value: name, label: title })) ?? null,
    drive: drives ? withDefault(drives.map(({ name }) => name)) : null,
    state: TAB_STATES[tab].map((status) => ({ value: status, label: status })),
  };
}

function withDefault(names: string[]): Choice[] {
  const label = boot.me.admin ? "default" : texts.list.yourDefault;
  const others = [...new Set(names)].filter((name) => name !== "default");
  return [{ value: "default", label }, ...others.map((value) => ({ value, label: value }))];
}
