/** Keep a session running longer: told with Undo, which is the contrary call. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { sentenceOf } from "../api/error-text";
import { whileAway } from "../api/retry";
import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { takeSession } from "../live/cache";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { useNotices } from "../ui/Notices";
import { visible } from "../ui/visible";
import { extendSession, type ExtendBody } from "./calls";

interface Variables {
  id: string;
  /** As it was before, for Undo. */
  session: Pick<Session, "idle">;
  body: ExtendBody;
  isUndo?: boolean;
}

export function useExtend() {
  const client = useQueryClient();
  const { say } = useNotices();
  const { mutate } = useMutation({
    mutationFn: send,
    ...whileAway,
    onSuccess: take,
    onError: tell,
  });

  function take(now: Session, { id, session: before, isUndo = false }: Variables) {
    takeSession(client, now);
    const run = () => {
      mutate({ id, session: now, body: contrary(before), isUndo: true });
    };
    say(keptWords(now), {
      subject: `extend ${id}`,
      ...(isUndo ? {} : { action: { label: texts.undo, run } }),
    });
  }

  function tell(error: Error) {
    say(sentenceOf(error), { tone: "error" });
  }

  return useMutation({
    mutationKey: ["act"],
    mutationFn: send,
    ...whileAway,
    onSuccess: take,
    onError: tell,
  });
}

/** "Keep it 1 h", or for as long as it may be kept. */
export function keepForSeconds(): number {
  return Math.min(3600, boot.me.extend_max ?? 3600);
}

export function keepItWords(): string {
  return texts.clock.keepIt(durationWords(keepForSeconds()));
}

function send({ id, body }: Variables): Promise<Session> {
  return extendSession(id, body);
}

function contrary({ idle }: Pick<Session, "idle">): ExtendBody {
  const until = idle?.extended_until;
  return until && Date.parse(until) > serverNow() ? { until } : { seconds: 0 };
}

function keptWords({ name, idle }: Session): string {
  const until = idle?.extended_until;
  const isKept = until && Date.parse(until) > serverNow();
  const { details: t } = texts;
  return isKept ? t.kept(visible(name), until, serverNow()) : t.keptNoLonger(visible(name));
}
