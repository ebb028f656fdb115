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

export const PARTS: readonly Part[] = [
  { part: "overview", title: titles.overview, Body: Overview },
  {
    part: "story",
    title: titles.story,
    Body: lazily(() => import("./Story").then(({ Story }) => Story)),
  },
];

export function shownParts(session: Session, me: Me): Part[] {
  return PARTS.filter(({ shown }) => shown?.(session, me) ?? true);
}
