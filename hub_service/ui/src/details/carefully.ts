/**
 * A change of what was seen. A version that is past is a conflict only if somebody changed the same
 * thing: else it is tried once more, and once only, with the version of now.
 */
import { ApiError } from "../api/client";
import type { Session } from "../api/types";

export interface Change {
  name?: string;
  idle_timeout?: number;
}

export type Field = keyof Change;

export interface ChangedBy {
  by: string;
  at: string;
}

/** Somebody changed the same thing meanwhile: `now` has their value, `change` has mine. */
export class ChangedMeanwhile extends Error {
  constructor(
    readonly now: Session,
    readonly change: Change,
    readonly changed: ChangedBy | null,
  ) {
    super("changed meanwhile");
  }
}

interface Calls {
  send: (session: Session, change: Change) => Promise<Session>;
  load: (id: string) => Promise<Session>;
}

export async function changeCarefully(
  seen: Session,
  change: Change,
  { send, load }: Calls,
): Promise<Session> {
  try {
    return await send(seen, change);
  } catch (error) {
    if (!isPast(error)) throw error;
    const now = await load(seen.id);
    if (isSame(now, change)) return now;
    const before = Object.fromEntries(fieldsOf(change).map((field) => [field, seen[field]]));
    if (isSame(now, before)) return send(now, change);
    throw new ChangedMeanwhile(now, change, changedBy(error));
  }
}

export function isPast(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.code === "version";
}

export function fieldsOf(change: Change): Field[] {
  return Object.keys(change) as Field[];
}

function isSame(session: Session, change: Change): boolean {
  return fieldsOf(change).every((field) => session[field] === change[field]);
}

function changedBy({ body }: ApiError): ChangedBy | null {
  const { by, at } = (body.error?.changed ?? {}) as Partial<ChangedBy>;
  return typeof by === "string" && typeof at === "string" ? { by, at } : null;
}
