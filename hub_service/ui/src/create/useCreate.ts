/** Sending the form: with one key a body, waiting when too many start right now, until it is closed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, type RefObject } from "react";

import { useActions } from "../actions/Actions";
import { createSession } from "../actions/calls";
import { sentenceOf } from "../api/error-text";
import { whileAway } from "../api/retry";
import type { LaunchRequest, Session } from "../api/types";
import { keys, knownSession, takeSession } from "../live/cache";
import { texts } from "../texts";
import { closeLayer, hrefOf } from "../url/location";
import { paths } from "../url/routes";
import { useNotices } from "../ui/Notices";
import { remember } from "../ui/preferences";
import { visible } from "../ui/visible";
import { Attempt, GivenUp, isInDoubt } from "./attempt";
import { dropDraft, forgetKey, keyFor } from "./draft";
import type { Draft } from "./draft-text";
import { choicesIn } from "./remembered";

interface Sending {
  request: LaunchRequest;
  /** What stands in the form: the repeated call of it never starts a second session. */
  draft: Draft;
  /** The tab that waits for JupyterLab, opened in the click itself. */
  tab: Window | null;
  attempt: Attempt;
}

export function useCreate(onRefused: (error: Error) => void) {
  const client = useQueryClient();
  const { say } = useNotices();
  const tellLate = useLateWords();
  const current = useRef<Sending | null>(null);
  useEffect(
    () => () => {
      if (giveUp(current)) say(texts.form.unknownYet);
    },
    [say],
  );
  const { mutate, ...mutation } = useMutation({
    mutationFn: ({ request, draft, attempt }: Sending) => {
      const key = keyFor(draft, JSON.stringify(request));
      return attempt.send(() => createSession(request, key));
    },
    retry: (failures, error) => current.current?.attempt.mayRetry(failures, error) ?? false,
    retryDelay: whileAway.retryDelay,
    onSuccess: (session, { request, draft: { source }, tab, attempt }) => {
      forgetKey(source);
      remember({ lastChoices: choicesIn(request) });
      takeSession(client, session, true);
      void client.invalidateQueries({ queryKey: keys.limits });
      void client.invalidateQueries({ queryKey: keys.drives });
      if (attempt.isClosed) {
        tellLate(session);
        return;
      }
      current.current = null;
      dropDraft(source);
      tab?.location.replace(hrefOf(paths.open(session.id, "lab")));
      closeLayer();
      say(texts.start.started(visible(session.name)));
    },
    onError: (error, { tab, attempt }) => {
      if (attempt.isClosed) {
        if (error instanceof GivenUp) return;
        say(isInDoubt(error) ? texts.form.unknownYet : sentenceOf(error), { tone: "error" });
        return;
      }
      current.current = null;
      tab?.close();
      onRefused(error);
    },
  });
  const send = (sending: Omit<Sending, "attempt">) => {
    current.current = { ...sending, attempt: new Attempt() };
    mutate(current.current);
  };
  return { ...mutation, send };
}

/** Returns whether it is to be told now that nobody knows what came of it. */
function giveUp(current: RefObject<Sending | null>): boolean {
  const { attempt, tab } = current.current ?? {};
  tab?.close();
  return attempt?.close() ?? false;
}

/** What was on its way when the form was closed starts all the same, and can be taken back. */
function useLateWords(): (session: Session) => void {
  const client = useQueryClient();
  const { say } = useNotices();
  const { stop } = useActions();
  return (session) => {
    const run = () => {
      stop(knownSession(client, session.id) ?? session);
    };
    say(texts.form.startedYet(visible(session.name)), {
      subject: session.id,
      action: { label: texts.status.cancel, run },
    });
  };
}

/** Open the tab that will show JupyterLab; it is cut off from this page. */
export function openWaitingTab(): Window | null {
  const tab = window.open("", "_blank");
  if (tab) tab.opener = null;
  return tab;
}
