/** The middle of the status dialog and of the waiting page: progress, outcome, stages, evidence. */
import { useEffect } from "react";

import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { hasEnded, isPending } from "../live/fits";
import { texts } from "../texts";
import { useNotices } from "../ui/Notices";
import { Text } from "../ui/Text";
import { endSentence } from "./end-sentence";
import { Evidence, hasEvidence } from "./Evidence";
import { readyWords, stageWords, StartProgress } from "./Progress";
import { Stages } from "./Stages";
import { useStartNews } from "./useStartNews";

export function StartStory({ session }: { session: Session }) {
  const { news, isLost } = useStartNews(session.id);
  useAnnouncedStage(session);
  const ready = readyWords(session);
  // Others see lines only when it is over, or in its log.
  const isOpen = isPending(session) && session.owner === boot.me.name;
  return (
    <>
      {isPending(session) && <StartProgress session={session} />}
      {hasEnded(session) && <Outcome session={session} />}
      {!hasEnded(session) && ready && <p className="fw-semibold">{texts.status.ready(ready)}</p>}
      {isLost && <p className="text-body-secondary small">{texts.status.lost}</p>}
      <div className={`start-story ${isOpen || hasEvidence(news) ? "start-story-both" : ""}`}>
        <Stages stages={news.stages} session={session} />
        <Evidence news={news} isOpen={isOpen} />
      </div>
    </>
  );
}

function Outcome({ session }: { session: Session }) {
  const wasReady = session.ready_at !== null;
  const isCancelled = session.status === "cancelled" && !wasReady;
  const words = isCancelled ? texts.status.cancelled : endSentence(session, serverNow());
  const tone = session.status === "failed" ? "cause-failed" : "";
  return (
    <div className={`cause ${tone}`}>
      <Text>{words ?? texts.status.ended}</Text>
    </div>
  );
}

/** Only changes of the stage and of what it waits for are told, not every percent. */
function useAnnouncedStage(session: Session): void {
  const { announce } = useNotices();
  const stage = isPending(session)
    ? (session.progress?.trouble ?? stageWords(session.progress))
    : endSentence(session, serverNow());
  const ready = isPending(session) ? null : readyWords(session);
  const words = stage ?? (ready ? texts.status.ready(ready) : "");
  useEffect(() => {
    if (words) announce(words);
  }, [words, announce]);
}
