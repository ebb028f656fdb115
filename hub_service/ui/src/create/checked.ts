/** The service's messages about single fields, from the preview of what stands in the form now. */
import { createContext } from "react";

import type { Preview } from "../api/types";
import { fieldOf, type FormValues } from "./form";

export type Checked = Partial<Record<keyof FormValues, string>>;

export const CheckedContext = createContext<Checked>({});

/** Return the first error of each field that the form shows. */
export function checkedFields(preview: Preview | undefined): Checked {
  const checked: Checked = {};
  for (const { level, field, path, message } of preview?.checks ?? []) {
    const shown = fieldOf(path ?? field ?? "");
    if (level === "error" && shown) checked[shown] ??= message;
  }
  return checked;
}
