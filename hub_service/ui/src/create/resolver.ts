/** The form's checks in the shape that react-hook-form asks for. */
import { set, type FieldErrors, type Resolver } from "react-hook-form";

import { limitReason } from "./presets";
import { idleSeconds } from "./request";
import { schema } from "./schema";
import { OTHER, type FormValues } from "./values";

export const resolver: Resolver<FormValues> = (values) => {
  const errors: FieldErrors<FormValues> = {};
  const found = new Set<string>();
  const say = (path: string, message: string) => {
    if (!found.has(path)) set(errors, path, { type: "check", message });
    found.add(path);
  };
  const result = schema.safeParse(values);
  for (const { path, message } of result.error?.issues ?? []) say(path.join("."), message);
  const overLimit = values.idle === OTHER ? limitReason(idleSeconds(values)) : null;
  if (overLimit) say("minutes", overLimit);
  return found.size === 0 ? { values, errors: {} } : { values: {}, errors };
};
