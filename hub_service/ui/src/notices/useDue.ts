/** Which sessions stop soon: one timer to the next moment that matters, and one request then. */
import { useEffect, useState } from "react";

import { boot, serverNow } from "../boot/boot";
import { useLive } from "../live/Live";
import { usePreferences } from "../ui/preferences";
import { dueSessions, endKey, nextWarning, type Due } from "./stop-watch";
import { within } from "./within";
import { useWatched } from "./useWatched";

const LONGEST_TIMER = 2 ** 31 - 1;
// A service that does not answer does not keep the warning back.
const LONGEST_WAIT = 5000;
// After the end the service needs a moment to stop it.
const AFTER_END = 3000;
// How far the service's clock is ahead of this browser's.
const AHEAD = serverNow() - Date.now();

export function useDue() {
  const { data: sessions = [], refetch, dataUpdatedAt } = useWatched();
  const { warnMinutes: minutes } = usePreferences();
  const { state } = useLive();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [lookedAt, setLookedAt] = useState(serverNow);
  const now = Math.max(lookedAt, dataUpdatedAt + AHEAD);
  const isPaused = state === "paused";
  const watch = { owner: boot.me.name, now, minutes };
  const due = dueSessions(sessions, { ...watch, let: left });
  const ends = due.map(({ endsAt }) => endsAt + AFTER_END);
  const next = Math.min(nextWarning(sessions, watch) ?? Infinity, ...ends);
  useEffect(() => {
    if (next === Infinity) return;
    const timer = window.setTimeout(
      () => {
        // It may have been used meanwhile: that is asked before anybody is called.
        const asked = isPaused ? Promise.resolve() : within(refetch(), LONGEST_WAIT);
        void asked.then(() => {
          setLookedAt(serverNow());
        });
      },
      Math.min(Math.max(next - serverNow(), 0) + 50, LONGEST_TIMER),
    );
    return () => {
      window.clearTimeout(timer);
    };
  }, [next, refetch, isPaused]);
  const letStop = (ones: readonly Due[]) => {
    setLeft((all) => new Set([...all, ...ones.map(({ id, endsAt }) => endKey(id, endsAt))]));
  };
  return { sessions, due, letStop };
}
