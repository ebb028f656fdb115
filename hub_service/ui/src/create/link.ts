/** Fields from a link: they only fill the form; pure. */
import type { LaunchRequest } from "../api/types";

export interface Linked {
  request: Partial<LaunchRequest>;
  /** What the form does not know. */
  unknown: string[];
}

/** What the address says about the form itself. */
const OWN = ["clone", "cloned_from", "spec"];
const TEXTS = ["environment", "drive", "image", "service_account", "billing_project"] as const;

export function fromLink(search: string): Linked {
  const request: Partial<LaunchRequest> = {};
  const unknown = [...new URLSearchParams(search)]
    .filter(([name, value]) => !OWN.includes(name) && !take(request, name, value))
    .map(([name]) => name);
  return { request, unknown: [...new Set(unknown)] };
}

function take(request: Partial<LaunchRequest>, name: string, value: string): boolean {
  const text = TEXTS.find((each) => each === name);
  if (text) request[text] = value.slice(0, 512);
  else if (name === "name") request.name = value.slice(0, 40);
  else if (name === "idle_timeout" && /^(-1|\d{1,9})$/.test(value)) {
    request.idle_timeout = Number(value);
  } else if (name === "port" && /^\d{1,5}$/.test(value)) {
    request.ports = [...(request.ports ?? []), { number: Number(value) }];
  } else if (name === "secret") {
    request.secrets = [...(request.secrets ?? []), { name: value }];
  } else if (name === "max_lifetime" && /^\d{2,9}$/.test(value)) {
    request.max_lifetime = Number(value);
  } else if (name === "cpu" || name === "memory") {
    request.resources = { ...request.resources, [name]: value.slice(0, 20) };
  } else if (name === "gpu" && /^\d{1,2}$/.test(value)) {
    request.resources = { ...request.resources, gpu: Number(value) };
  } else if (name.startsWith("choices.")) {
    request.choices = { ...request.choices, [name.slice(8)]: value.slice(0, 256) };
  } else return false;
  return true;
}
