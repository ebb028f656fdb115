/** The story of a start, folded from the events of one session; pure. */
import type { PodEvent, SeenContainer, Session, Stage } from "../api/types";
import { hasEnded } from "../live/fits";

export interface StartNews {
  stages: Stage[];
  events: PodEvent[];
  containers: SeenContainer[];
  lines: string[];
}

export const NO_NEWS: StartNews = {
  stages: [],
  events: [],
  containers: [],
  lines: [],
};

export const START_EVENTS = ["stage", "pod-event", "container", "lines"] as const;

const KEPT_LINES = 200;
const KEPT_EVENTS = 100;

/** Take in one event; what cannot be read changes nothing. */
export function foldNews(news: StartNews, type: string, data: unknown): StartNews {
  if (typeof data !== "object" || data === null) return news;
  switch (type) {
    case "stage":
      return { ...news, stages: withStage(news.stages, data as Stage) };
    case "pod-event":
      return { ...news, events: withEvent(news.events, data as PodEvent) };
    case "container":
      return { ...news, containers: withContainer(news.containers, data as SeenContainer) };
    case "lines":
      // The service sends the whole tail each time.
      return { ...news, lines: linesOf(data).slice(-KEPT_LINES) };
    default:
      return news;
  }
}

function withStage(stages: Stage[], stage: Stage): Stage[] {
  const at = stages.findIndex((each) => each.name === stage.name);
  return at < 0 ? [...stages, stage] : stages.with(at, { ...stages[at], ...stage });
}

/** An event that came again is the same one, at its newest time and place. */
function withEvent(events: PodEvent[], event: PodEvent): PodEvent[] {
  const others = events.filter(
    ({ reason, message }) => reason !== event.reason || message !== event.message,
  );
  return [...others, event].slice(-KEPT_EVENTS);
}

function withContainer(containers: SeenContainer[], seen: SeenContainer): SeenContainer[] {
  const at = containers.findIndex(({ name }) => name === seen.name);
  return at < 0 ? [...containers, seen] : containers.with(at, seen);
}

/**
 * The stages as they stand now: each but the last is done when the next one began, the last one by
 * what became of the session. News tell only that a stage began.
 */
export function settledStages(stages: readonly Stage[], session: Session): Stage[] {
  return stages.map((stage, index) => {
    const next = stages[index + 1];
    const { state, ended_at = null } = stage;
    if (next) return { ...stage, state: "done", ended_at: ended_at ?? next.started_at ?? null };
    if (state !== "running") return stage;
    if (session.ready_at) return { ...stage, state: "done", ended_at: session.ready_at };
    if (!hasEnded(session)) return stage;
    const end = session.status === "failed" ? "failed" : "cancelled";
    return { ...stage, state: end, ended_at: session.ended_at };
  });
}

function linesOf(data: object): string[] {
  const { lines } = data as { lines?: unknown };
  return Array.isArray(lines) ? lines.map(String) : [];
}

/** The evidence as text, for "Copy all". */
export function evidenceText({ stages, events, containers, lines }: StartNews): string {
  return [
    ...stages.map(({ name, state, message }) => joined(state, name, message)),
    ...events.map(({ at, reason, message }) => joined(at, reason, message)),
    ...containers.map(({ name, state, reason, image }) => joined(name, state, reason, image)),
    ...lines,
  ].join("\n");
}

function joined(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join("  ");
}
