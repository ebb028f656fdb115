/** The service's checks of single fields, from the preview of what stands in the form. */
import { createContext } from "react";

import type { Check, LaunchRequest, Preview } from "../api/types";
import { fieldOf, type FormValues } from "./values";

/** Path in the form → the first error of the field. */
export type Checked = Record<string, Check>;

export const CheckedContext = createContext<Checked>({});

/** The fields of the request that YAML of one's own overrides. */
export const OverriddenContext = createContext<readonly string[]>([]);

export type Fix = (check: Check, changes: Partial<LaunchRequest>) => void;

/** Takes over what a check offers to change; without changes it leads to the field. */
export const FixContext = createContext<Fix>(() => undefined);

/** Return the first error of each field that the form shows. */
export function checkedFields(preview: Preview | undefined, values: FormValues): Checked {
  const checked: Checked = {};
  for (const check of preview?.checks ?? []) {
    const shown = fieldOf(check.field ?? "", values);
    if (check.level === "error" && shown) checked[shown] ??= check;
  }
  return checked;
}
