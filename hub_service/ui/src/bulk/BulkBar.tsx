/** What can be done to the selected sessions: stop those that may be stopped. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";

import { stopSession } from "../actions/calls";
import type { Session } from "../api/types";
import { isLive } from "../live/fits";
import { BulkStopDialog } from "../list/parts";
import { takeSession } from "../live/cache";
import { texts } from "../texts";
import { Act } from "../ui/Act";
import { useFocusNear } from "../ui/focus";
import { useNotices } from "../ui/Notices";
import type { Selection } from "./useSelection";

const AT_ONCE = 4;

export function BulkBar({ selection }: { selection: Selection }) {
  const [isAsked, setIsAsked] = useState(false);
  const { mutate: stopAll, isPending } = useStopAll();
  const { sessions, set, setAll } = selection;
  if (sessions.length === 0) return null;
  const fitting = sessions.filter(mayBeStopped);
  const over = sessions.filter(isOver);
  return (
    <Bar first={sessions[0]?.id}>
      <span>{texts.bulk.selected(sessions.length)}</span>
      <Act
        className="btn-sm btn-outline-secondary"
        isBusy={isPending}
        reason={fitting.length === 0 ? texts.bulk.none : null}
        onClick={() => {
          setIsAsked(true);
        }}
      >
        {texts.bulk.stop(fitting.length)}
      </Act>
      <button
        type="button"
        className="btn btn-sm btn-link"
        onClick={() => {
          setAll(false);
        }}
      >
        {texts.bulk.clear}
      </button>
      {isAsked && (
        <BulkStopDialog
          sessions={fitting}
          notYours={sessions.length - fitting.length - over.length}
          over={over.length}
          onClose={() => {
            setIsAsked(false);
          }}
          onStop={() => {
            setIsAsked(false);
            stopAll(fitting, {
              onSuccess: (failed) => {
                // What was told to stop is done with; what was not can be tried again.
                const told = fitting.filter((session) => !failed.includes(session));
                for (const { id } of told) set(id, false, false);
              },
            });
          }}
        />
      )}
    </Bar>
  );
}

/** When nothing is selected any more, the focus goes from the bar to the first row that was. */
function Bar({ first, children }: { first: string | undefined; children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  useFocusNear(bar, () => document.querySelector(`[data-session="${first}"] [type=checkbox]`));
  return (
    <section ref={bar} role="region" aria-label={texts.bulk.region} className="bulk-bar">
      {children}
    </section>
  );
}

function mayBeStopped(session: Session): boolean {
  return !isOver(session) && session.allowed.stop === true;
}

function isOver(session: Session): boolean {
  return !isLive(session) || session.state === "stopping";
}

/** Stop four at a time; a failure of one does not stop the rest. */
function useStopAll() {
  const client = useQueryClient();
  const { say } = useNotices();
  return useMutation({
    mutationFn: async (sessions: Session[]) => {
      const left = [...sessions];
      const failed: Session[] = [];
      const work = async () => {
        for (let next = left.shift(); next; next = left.shift()) {
          const session = next;
          await stopSession(session.id).then(
            (stopped) => {
              takeSession(client, stopped);
            },
            () => failed.push(session),
          );
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return failed;
    },
    onSuccess: (failed, sessions) => {
      const done = sessions.length - failed.length;
      if (done > 0) say(texts.bulk.done(done));
      const names = failed.map(({ name }) => name).join(", ");
      if (failed.length > 0) say(texts.bulk.failed(names), { tone: "error" });
    },
  });
}
