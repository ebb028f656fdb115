/** Which sessions are acted on right now, from the calls that are under way. */
import type { MutationCache } from "@tanstack/react-query";

/** What the calls with the key `act` are about. */
interface Subject {
  id?: string;
  session?: { id: string };
}

export function isActedOn(calls: MutationCache, id: string): boolean {
  return calls.getAll().some(({ options, state }) => {
    if (state.status !== "pending" || options.mutationKey?.[0] !== "act") return false;
    const { id: own, session } = (state.variables ?? {}) as Subject;
    return (own ?? session?.id) === id;
  });
}
