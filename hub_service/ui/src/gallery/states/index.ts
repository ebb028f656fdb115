/** All states, by screen, in the order in which the gallery lists them. */
import type { State } from "../state";
import { advanced } from "./advanced";
import { create } from "./create";
import { detailsStates as details } from "./details";
import { drives } from "./drives";
import { history } from "./history";
import { list } from "./list";
import { logs } from "./logs";
import { notices } from "./notices";
import { open } from "./open";
import { problems } from "./problems";
import { status } from "./status";
import { stop } from "./stop";
import { yaml } from "./yaml";

export const SCREENS: Record<string, readonly State[]> = {
  list,
  problems,
  history,
  create,
  advanced,
  status,
  details,
  logs,
  drives,
  yaml,
  stop,
  notices,
  open,
};

export function stateCalled(name: string): State | undefined {
  return Object.values(SCREENS)
    .flat()
    .find((state) => state.name === name);
}
