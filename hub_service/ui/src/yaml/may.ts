/** Whether the visitor may customise pods here. */
import { boot } from "../boot/boot";

/** Return why not, as the server says it; "" where he may. */
export function whyNoYaml(): string {
  const feature = boot.me.features?.pod_spec as { on?: boolean; reason?: string } | undefined;
  return feature?.on ? "" : (feature?.reason ?? "");
}
