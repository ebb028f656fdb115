/** The form's checks in the shape that react-hook-form asks for. */
import type { FieldErrors, Resolver } from "react-hook-form";

import { schema, type FormValues } from "./form";

export const resolver: Resolver<FormValues> = (values) => {
  const result = schema.safeParse(values);
  if (result.success) return { values, errors: {} };
  const errors: Record<string, unknown> = {};
  for (const { path, message } of result.error.issues) {
    const [field = "", option] = path.map(String);
    if (option === undefined) errors[field] ??= { type: "check", message };
    else errors[field] = { ...(errors[field] as object), [option]: { type: "check", message } };
  }
  return { values: {}, errors: errors as FieldErrors<FormValues> };
};
