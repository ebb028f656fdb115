/** What of a launch request is remembered as somebody's last choices; pure. */
import type { LaunchRequest } from "../api/types";

/** What belongs to one session alone, or may hold what nobody else should read. */
const NOT_KEPT = ["name", "env", "pod_overrides", "pod_spec", "cloned_from"];

export function choicesIn(request: LaunchRequest): LaunchRequest {
  return Object.fromEntries(
    Object.entries(request).filter(([field]) => !NOT_KEPT.includes(field)),
  ) as LaunchRequest;
}
