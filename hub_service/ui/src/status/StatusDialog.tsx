/** What is happening with a start, or happened; it never closes by itself. */
import { isMissing, useSession } from "../api/useSession";
import { isPending } from "../live/fits";
import { texts } from "../texts";
import { closeLayer } from "../url/location";
import { Dialog } from "../ui/Dialog";
import { visible } from "../ui/visible";
import { Absent } from "./Absent";
import { NextStep } from "./NextStep";
import { StartStory } from "./StartStory";

export function StatusDialog({ id }: { id: string }) {
  const { data: session, failureReason } = useSession(id);
  const name = visible(session?.name ?? id);
  const isUnderWay = session ? isPending(session) : !isMissing(failureReason);
  const title = isUnderWay ? texts.status.title : texts.status.titleReady;
  return (
    <Dialog
      title={title(name)}
      onClose={closeLayer}
      size="wide"
      sessionId={id}
      footer={
        <>
          {session && <NextStep session={session} withEvidence />}
          <button type="button" className="btn btn-outline-secondary" onClick={closeLayer}>
            {texts.close}
          </button>
        </>
      }
    >
      {session ? <StartStory session={session} /> : <Absent why={failureReason} />}
    </Dialog>
  );
}
