/** The story of a start, folded from the events of one session; pure. */
import type { Explanation, PodEvent, Progress, Stage } from "../api/types";

export interface StartNews {
  stages: Stage[];
  progress: Progress | null;
  events: PodEvent[];
  lines: string[];
  end: Explanation | null;
}

export const NO_NEWS: StartNews = { stages: [], progress: null, events: [], lines: [], end: null };

export const START_EVENTS = ["stage", "progress", "pod-event", "lines", "end"] as const;

const KEPT_LINES = 200;

/** Take in one event; what cannot be read changes nothing. */
export function foldNews(news: StartNews, type: string, data: unknown): StartNews {
  if (typeof data !== "object" || data === null) return news;
  switch (type) {
    case "stage":
      return { ...news, stages: withStage(news.stages, data as Stage) };
    case "progress":
      return { ...news, progress: data as Progress };
    case "pod-event":
      return { ...news, events: [...news.events, data as PodEvent] };
    case "lines":
      // The service sends the whole tail each time.
      return { ...news, lines: linesOf(data).slice(-KEPT_LINES) };
    case "end":
      return { ...news, end: (data as { explanation?: Explanation }).explanation ?? null };
    default:
      return news;
  }
}

function withStage(stages: Stage[], stage: Stage): Stage[] {
  const at = stages.findIndex((each) => each.name === stage.name);
  return at < 0 ? [...stages, stage] : stages.with(at, { ...stages[at], ...stage });
}

function linesOf(data: object): string[] {
  const { lines } = data as { lines?: unknown };
  return Array.isArray(lines) ? lines.map(String) : [];
}

/** The evidence as text, for "Copy all". */
export function evidenceText({ stages, events, lines }: StartNews): string {
  return [
    ...stages.map(({ name, state, message }) => [state, name, message].filter(Boolean).join("  ")),
    ...events.map(({ at, reason, message }) => [at, reason, message].filter(Boolean).join("  ")),
    ...lines,
  ].join("\n");
}
