/** The parts of the details, in the order of their tabs: a new one is one more line. */
import type { ComponentType } from "react";

import type { Me, Session } from "../api/types";
import { texts } from "../texts";
import { lazily } from "../ui/lazily";
import type { DetailsPart } from "../url/routes";
import { Overview } from "./Overview";

export interface Part {
  part: DetailsPart;
  title: string;
  /** Whether this visitor is offered it for this session; without it always. */
  shown?: (session: Session, me: Me) => boolean;
  Body: ComponentType<{ session: Session }>;
}

const { parts: titles } = texts.details;

const PARTS: readonly Part[] = [
  { part: "overview", title: titles.overview, Body: Overview },
  {
    part: "story",
    title: titles.story,
    Body: lazily(() => import("./Story").then(({ Story }) => Story)),
  },
  {
    part: "logs",
    title: titles.logs,
    shown: (_session, me) => me.features.logs?.on === true,
    Body: lazily(() => import("../logs/LogsTab").then(({ LogsTab }) => LogsTab)),
  },
  {
    part: "yaml",
    title: texts.yaml.tab.title,
    // Sessions that are processes have no pod.
    shown: (_session, { features }) => features.cluster?.on === true,
    Body: lazily(() => import("../yaml/PodTab").then((tab) => tab.default)),
  },
];

export function shownParts(session: Session, me: Me): Part[] {
  return PARTS.filter(({ shown }) => shown?.(session, me) ?? true);
}
