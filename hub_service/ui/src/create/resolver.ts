/** The form's checks in the shape that react-hook-form asks for. */
import { set, type FieldErrors, type Resolver } from "react-hook-form";

import { texts } from "../texts";
import { isBlank } from "../yaml/blank";
import { whyNoYaml } from "../yaml/may";
import { limitReason } from "./presets";
import { idleSeconds } from "./request";
import { schema } from "./schema";
import { OTHER, type FormValues } from "./values";

/** What the form is about, for its checks. */
export interface FormAbout {
  isOwnSpec: boolean;
}

export const resolver: Resolver<FormValues, FormAbout> = (values, about) => {
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
  // Without its pod the request would start an ordinary session.
  if (about?.isOwnSpec && isBlank(values.pod_spec ?? "")) {
    say("pod_spec", whyNoYaml() || texts.yaml.noSpec);
  }
  return found.size === 0 ? { values, errors: {} } : { values: {}, errors };
};
