/** Whether the visitor may customise pods here. */
import { boot } from "../boot/boot";

/** The id of the sentence that says in the form why no pod of one's own can be made. */
export const SPEC_REASON = "pod-spec-reason";

/** Return why not, as the server says it; "" where he may. */
export function whyNoYaml(): string {
  const feature = boot.me.features?.pod_spec as { on?: boolean; reason?: string } | undefined;
  return feature?.on ? "" : (feature?.reason ?? "");
}
