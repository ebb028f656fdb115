/** Sending the form: once, with one key a body, waiting when too many start right now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import { createSession } from "../actions/calls";
import { ApiError, newKey } from "../api/client";
import { whileAway } from "../api/retry";
import type { LaunchRequest } from "../api/types";
import { keys, takeSession } from "../live/cache";
import { texts } from "../texts";
import { closeLayer, hrefOf } from "../url/location";
import { paths } from "../url/routes";
import { useNotices } from "../ui/Notices";
import { remember } from "../ui/preferences";
import { visible } from "../ui/visible";
import { dropDraft } from "./draft";
import { choicesIn } from "./remembered";

interface Sent {
  request: LaunchRequest;
  /** The tab that waits for JupyterLab, opened in the click itself. */
  tab: Window | null;
}

export function useCreate(onRefused: (error: Error) => void) {
  const client = useQueryClient();
  const { say } = useNotices();
  const lastKey = useRef({ body: "", key: "" });
  return useMutation({
    mutationFn: ({ request }: Sent) => {
      // The same body keeps its key, so that a repeated call never starts a second session.
      const body = JSON.stringify(request);
      if (lastKey.current.body !== body) lastKey.current = { body, key: newKey() };
      return createSession(request, lastKey.current.key);
    },
    retry: (failures, error) =>
      whileAway.retry(failures, error) || (isTooMany(error) && failures < 6),
    retryDelay: whileAway.retryDelay,
    onSuccess: (session, { request, tab }) => {
      dropDraft();
      remember({ lastChoices: choicesIn(request) });
      takeSession(client, session, true);
      void client.invalidateQueries({ queryKey: keys.limits });
      void client.invalidateQueries({ queryKey: keys.drives });
      tab?.location.replace(hrefOf(paths.open(session.id, "lab")));
      closeLayer();
      say(texts.start.started(visible(session.name)));
    },
    onError: (error, { tab }) => {
      tab?.close();
      onRefused(error);
    },
  });
}

function isTooMany(error: Error): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** Open the tab that will show JupyterLab; it is cut off from this page. */
export function openWaitingTab(): Window | null {
  const tab = window.open("", "_blank");
  if (tab) tab.opener = null;
  return tab;
}
