/** What was sent to make a session, so that a repeated call never makes a second one. */
import { newKey } from "../api/client";

export interface Sent {
  body: string;
  key: string;
}

const sent = new Map<string, Sent>();

/** The same body from the same place keeps its key; `kept` is what is known from before a reload. */
export function sentFrom(place: string, body: string, kept?: Sent | null): Sent {
  const known = sent.get(place) ?? kept;
  const now = known?.body === body ? known : { body, key: newKey() };
  sent.set(place, now);
  return now;
}

/** It was answered: the same body again is another session. */
export function forgetSent(place: string): void {
  sent.delete(place);
}
