/** What can be done to a session, for rows, cards, dialogs and the drawer alike. */
import { useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  use,
  useCallback,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import { ApiError } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { whileAway } from "../api/retry";
import type { LaunchRequest, NextAction, Session } from "../api/types";
import { isPending } from "../live/fits";
import { keys, onceEnded, takeSession } from "../live/cache";
import { forgetSent, sentFrom } from "../start/sent";
import { StopDialog } from "../stop/StopDialog";
import { texts } from "../texts";
import { openLayer, showTab } from "../url/location";
import { paths } from "../url/routes";
import { useNotices } from "../ui/Notices";
import { isActedOn } from "./busy";
import { createSession, restartSession, restartWith, stopSession } from "./calls";

export interface Actions {
  /** Stop; asks first unless the session is still starting. */
  stop: (session: Session) => void;
  restart: (session: Session, changes?: Partial<LaunchRequest>) => void;
  /** The next step that the explanation of an end offers. */
  next: (session: Session) => void;
  /** Start at once; while it is on its way a second call does nothing. */
  start: (request: LaunchRequest) => void;
}

const ActionsContext = createContext<Actions | null>(null);

export function ActionsProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<Session | null>(null);
  const { mutate: stopNow } = useStop();
  const { mutate: restart } = useRestart();
  const { mutate: start } = useStart();
  const actions = useMemo<Actions>(
    () => ({
      stop: (session) => {
        if (isPending(session)) stopNow(session);
        else setAsked(session);
      },
      restart: (session, changes = {}) => {
        restart({ session, changes });
      },
      start: (request) => {
        if (client.isMutating({ mutationKey: QUICK }) === 0) start(request);
      },
      next: (session) => {
        const { action = "restart", changes = {} } = session.explanation?.next ?? {};
        if (action === "restart") restart({ session, changes });
        else openNext(action, session);
      },
    }),
    [client, stopNow, restart, start],
  );
  return (
    <ActionsContext value={actions}>
      {children}
      {asked && (
        <StopDialog
          session={asked}
          onClose={() => {
            setAsked(null);
          }}
          onStop={() => {
            stopNow(asked);
            setAsked(null);
          }}
        />
      )}
    </ActionsContext>
  );
}

export function useActions(): Actions {
  const actions = use(ActionsContext);
  if (!actions) throw new Error("useActions needs an ActionsProvider.");
  return actions;
}

/** Whether a call about this session is under way; what happens to others draws nothing anew. */
export function useIsBusy(id: string): boolean {
  const calls = useQueryClient().getMutationCache();
  const subscribe = useCallback((listener: () => void) => calls.subscribe(listener), [calls]);
  return useSyncExternalStore(subscribe, () => isActedOn(calls, id));
}

function openNext(action: NextAction, session: Session): void {
  if (action === "sessions") showTab("active");
  else if (action === "logs") openLayer(paths.status(session.id));
  else openLayer(paths.clone(session.id));
}

function useStop() {
  const client = useQueryClient();
  const { say } = useNotices();
  const { mutate: again } = useRestart();
  return useMutation({
    mutationKey: ["act"],
    mutationFn: (session: Session) => stopSession(session.id),
    ...whileAway,
    onSuccess: (now, before) => {
      say(texts.stop.stopping(before.name), { subject: before.id });
      const words = isPending(before) ? texts.stop.cancelled : texts.stop.stopped;
      onceEnded(before.id, (ended) => {
        const run = () => {
          again({ session: ended, changes: {} });
        };
        say(words(before.name), {
          subject: before.id,
          action: { label: texts.list.startAgain, run },
        });
      });
      takeSession(client, now);
    },
    onError: (error, { name }) => {
      say(texts.stop.notStopped(name, sentenceOf(error)), { tone: "error" });
    },
  });
}

function useRestart() {
  const client = useQueryClient();
  const { say } = useNotices();
  return useMutation({
    mutationKey: ["act"],
    mutationFn: ({ session, changes }: RestartVariables) =>
      Object.keys(changes).length > 0
        ? restartWith(session.id, changes)
        : restartSession(session.id),
    onSuccess: (started) => {
      takeSession(client, started, true);
      void client.invalidateQueries({ queryKey: keys.limits });
      const show = {
        label: texts.list.show,
        run: () => {
          openLayer(paths.status(started.id));
        },
      };
      say(texts.start.startedAgain(started.name), { action: show });
    },
    onError: (error, { session }) => {
      say(sentenceOf(error), { tone: "error" });
      if (error instanceof ApiError && error.code === "changed") openLayer(paths.clone(session.id));
    },
  });
}

interface RestartVariables {
  session: Session;
  changes: Partial<LaunchRequest>;
}

const QUICK = ["quick-start"];

/** Whether a session is being started with one click. */
export function useIsStarting(): boolean {
  return useIsMutating({ mutationKey: QUICK }) > 0;
}

function useStart() {
  const client = useQueryClient();
  const { say } = useNotices();
  return useMutation({
    mutationKey: QUICK,
    // Without an answer the same start is repeated with its key, also with another click.
    mutationFn: (request: LaunchRequest) =>
      createSession(request, sentFrom("quick-start", JSON.stringify(request)).key),
    ...whileAway,
    onSuccess: (started) => {
      forgetSent("quick-start");
      takeSession(client, started, true);
      void client.invalidateQueries({ queryKey: keys.limits });
      say(texts.start.started(started.name));
    },
    onError: (error) => {
      say(sentenceOf(error), { tone: "error" });
      // The form takes the last choices, and says more about what is wrong with them.
      if (error instanceof ApiError && REFUSALS.includes(error.status)) openLayer(paths.create());
    },
  });
}

const REFUSALS = [400, 403, 409, 422];
