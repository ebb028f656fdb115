/** What the service is asked about the choices, and what its answer is worth by now; pure. */
import { previewOf } from "../api/preview";
import type { LaunchRequest, Preview } from "../api/types";

export interface Asked {
  /** Of what stood in the form when it was last asked; undefined while it cannot be asked. */
  preview: Preview | undefined;
  /** Whether the preview is of exactly what stands in the form. */
  isCurrent: boolean;
  isChecking: boolean;
  failure: Error | null;
}

/** The question is about the settled request alone, and whether it may be asked too. */
export function questionOf(settled: string, isSending = false) {
  return { ...previewOf(settled), enabled: isAskable(settled) && !isSending };
}

interface Known {
  data: Preview | undefined;
  error: Error | null;
  isPlaceholderData: boolean;
  isFetching: boolean;
}

/** What is known of a body while the query is about the settled one. */
export function answerOf(body: string, settled: string, query: Known): Asked {
  if (!isAskable(body)) return NOTHING;
  const isAsked = body === settled;
  const failure = isAsked ? query.error : null;
  const isCurrent = isAsked && query.data !== undefined && !query.isPlaceholderData && !failure;
  const isChecking = query.isFetching || (!isCurrent && !failure);
  return { preview: query.data, isCurrent, isChecking, failure };
}

const NOTHING: Asked = { preview: undefined, isCurrent: false, isChecking: false, failure: null };

/** A timeout that is no number yet is null in JSON. */
function isAskable(body: string): boolean {
  const { idle_timeout: idle, environment } = JSON.parse(body) as LaunchRequest;
  return Number.isFinite(idle) && environment !== "";
}
