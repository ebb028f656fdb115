/** Rename and idle timeout: sent carefully, told with what takes it back, a conflict kept as one. */
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { patchSession } from "../actions/calls";
import { call } from "../api/client";
import { sentenceOf } from "../api/error-text";
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { presetWords } from "../create/presets";
import { keys, takeSession } from "../live/cache";
import { texts } from "../texts";
import { useNotices } from "../ui/Notices";
import { visible } from "../ui/visible";
import { ChangedMeanwhile, changeCarefully, isPast, type Change } from "./carefully";

interface Variables {
  id: string;
  session: Session;
  change: Change;
  isUndo?: boolean;
}

export function useChange() {
  const client = useQueryClient();
  const { say } = useNotices();
  const { mutate } = useMutation({ mutationFn: send, onSuccess: take, onError: tell });

  function take(now: Session, { session: before, change, isUndo = false }: Variables) {
    takeSession(client, now);
    client.setQueryData(keys.conflict(now.id), null);
    const run = () => {
      const back = change.name === undefined ? {} : { name: before.name };
      const idle = change.idle_timeout === undefined ? {} : { idle_timeout: before.idle_timeout };
      mutate({ id: now.id, session: now, change: { ...back, ...idle }, isUndo: true });
    };
    say(savedWords(now, change), {
      subject: `change ${now.id}`,
      ...(isUndo ? {} : { action: { label: texts.undo, run } }),
    });
  }

  function tell(error: Error, { id, isUndo = false }: Variables) {
    if (error instanceof ChangedMeanwhile) {
      takeSession(client, error.now);
      if (isUndo) say(conflictWords(error), { tone: "error" });
      else client.setQueryData(keys.conflict(id), error);
      return;
    }
    say(isPast(error) ? texts.details.conflict.always : sentenceOf(error), { tone: "error" });
    void client.invalidateQueries({ queryKey: keys.session(id) });
  }

  return useMutation({ mutationKey: ["act"], mutationFn: send, onSuccess: take, onError: tell });
}

/** The change of this session that waits for a decision. */
export function useConflict(id: string) {
  const client = useQueryClient();
  const { data } = useQuery<ChangedMeanwhile | null>({
    queryKey: keys.conflict(id),
    queryFn: skipToken,
    structuralSharing: false,
  });
  const settle = () => {
    client.setQueryData(keys.conflict(id), null);
  };
  return { conflict: data ?? null, settle };
}

export function conflictWords({ changed }: ChangedMeanwhile): string {
  const { conflict: t } = texts.details;
  if (!changed) return t.plain;
  return t.by(changed.by === boot.me.name ? t.you : visible(changed.by), changed.at);
}

function savedWords(now: Session, change: Change): string {
  if (change.name !== undefined) return texts.rename.renamed(visible(now.name));
  return texts.details.timeoutSaved(presetWords(now.idle_timeout));
}

function send({ session, change }: Variables): Promise<Session> {
  return changeCarefully(session, change, {
    send: patchSession,
    load: (id) => call<Session>("GET", `sessions/${id}`),
  });
}
