/** The form on a whole pod of one's own, which has few fields: the pod says the rest; pure. */
import type { LaunchRequest } from "../api/types";

const ON_FORM = ["name", "idle_timeout", "drive", "billing_project", "max_lifetime", "pod_spec"];

/** Whether an address asks for it. */
export function isSpecAsked(search: string): boolean {
  return new URLSearchParams(search).has("spec");
}

export function isOnSpecForm(field: string): boolean {
  return ON_FORM.includes(field);
}

/** What of a request the form shows: nothing goes with the pod that nobody sees. */
export function onSpecForm(request: Partial<LaunchRequest>): Partial<LaunchRequest> {
  return Object.fromEntries(Object.entries(request).filter(([field]) => isOnSpecForm(field)));
}
