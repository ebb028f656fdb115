/** What an address `open/…` leads to, and how far it is; pure. */
import type { Session } from "../api/types";
import { portHref } from "../list/words";
import { texts } from "../texts";
import type { Door } from "../url/routes";

export interface Target {
  /** Where it answers, once it does; not yet checked. */
  address: string | null;
  /** Why it will not by itself, in a sentence; "" while it may. */
  problem: string;
}

export function targetOf(session: Session, door: Door, me: string): Target {
  return typeof door === "number" ? portOf(session, door, me) : doorOf(session, door);
}

function doorOf({ access, urls, state: stage }: Session, door: Exclude<Door, number>): Target {
  const { state, reason } = access[door] ?? {};
  if (state === "ready") return { address: urls?.[door] ?? null, problem: "" };
  const isStuck = state === "failed" || (state === "off" && stage === "running");
  return { address: null, problem: (isStuck && reason) || "" };
}

/** A port answers its session's owner alone, until it can be shared. */
function portOf(session: Session, number: number, me: string): Target {
  const port = session.ports.find((each) => each.number === number && each.protocol !== "UDP");
  if (!port) return { address: null, problem: texts.open.noPort(number) };
  if (session.owner !== me) return { address: null, problem: texts.open.portOfOther };
  return { address: portHref(session, port), problem: "" };
}

export function doorName(door: Door): string {
  return typeof door === "number" ? texts.open.port(door) : texts.doors[door];
}
