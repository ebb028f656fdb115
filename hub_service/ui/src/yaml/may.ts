/** Whether the visitor may customise pods here, and what his YAML takes over of the form. */
import type { Preview } from "../api/types";
import { boot } from "../boot/boot";

/** Return why not, as the server says it; "" where he may. */
export function whyNoYaml(): string {
  const feature = boot.me.features?.pod_spec as { on?: boolean; reason?: string } | undefined;
  return feature?.on ? "" : (feature?.reason ?? "");
}

/** Whether YAML overrides a field of the launch request, such as `resources` or `env`. */
export function isSetByYaml(preview: Preview | undefined, field: string): boolean {
  const overridden = preview?.pod?.overrides ?? [];
  return overridden.some((each) => each === field || each.startsWith(`${field}.`));
}
