/** The three sessions that were used least recently, each with a button that stops it. */
import { skipToken, useQuery } from "@tanstack/react-query";

import { useActions, useIsBusy } from "../actions/Actions";
import { getUnlessUnchanged } from "../api/client";
import type { Session, SessionPage } from "../api/types";
import { keys } from "../live/cache";
import { newerOf } from "../live/rows";
import { texts } from "../texts";
import { visible } from "../ui/visible";
import { isLeaving, leastUsed } from "./least-used";

export function LeastUsed() {
  const { data } = useQuery({
    queryKey: ["least-used"],
    queryFn: ({ signal }) =>
      getUnlessUnchanged<SessionPage>("sessions?tab=active&limit=100", signal),
    gcTime: 0,
    // Those that are offered stay: news of them change their buttons.
    staleTime: Infinity,
  });
  return (
    <div className="d-flex flex-wrap gap-2">
      <span>{texts.form.tooMany}</span>
      {leastUsed(data?.items ?? []).map((session) => (
        <StopOne key={session.id} session={session} />
      ))}
    </div>
  );
}

/** The button stays where it is, so that focus does; it says what news say of its session. */
function StopOne({ session }: { session: Session }) {
  const { stop } = useActions();
  const isBusy = useIsBusy(session.id);
  const { data: news } = useQuery<Session>({
    queryKey: keys.session(session.id),
    queryFn: skipToken,
  });
  const now = newerOf(news, session);
  const isDone = isLeaving(now);
  const name = visible(now.name);
  return (
    <button
      type="button"
      className={`btn btn-sm btn-outline-secondary ${isDone ? "disabled" : ""}`}
      aria-busy={isBusy}
      aria-disabled={isBusy || isDone}
      onClick={() => {
        if (!isBusy && !isDone) stop(now);
      }}
    >
      {isDone ? texts.form.leaving(name) : texts.form.stopOne(name)}
    </button>
  );
}
