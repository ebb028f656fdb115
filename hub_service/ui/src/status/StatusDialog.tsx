/** What is happening with a start, or happened; it never closes by itself. */
import { useActions, useIsBusy } from "../actions/Actions";
import { isMissing, useSession } from "../api/useSession";
import type { Session } from "../api/types";
import { hasEnded, isPending } from "../live/fits";
import { texts } from "../texts";
import { closeLayer } from "../url/location";
import { Dialog } from "../ui/Dialog";
import { safeHref } from "../ui/links";
import { visible } from "../ui/visible";
import { StartStory } from "./StartStory";

export function StatusDialog({ id }: { id: string }) {
  const { data: session, error } = useSession(id);
  const name = visible(session?.name ?? id);
  const isUnderWay = session ? isPending(session) : !isMissing(error);
  const title = isUnderWay ? texts.status.title : texts.status.titleReady;
  return (
    <Dialog
      title={title(name)}
      onClose={closeLayer}
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
      {session && <StartStory session={session} />}
      {!session && isMissing(error) && <p>{texts.missing}</p>}
      {!session && !error && <p>{texts.details.loading}</p>}
    </Dialog>
  );
}

interface NextStepProps {
  session: Session;
  /** The evidence stands beside it, so "See the last lines" would lead nowhere. */
  withEvidence?: boolean;
}

/** The one thing to do now: cancel the start, open it, or what the end suggests. */
export function NextStep({ session, withEvidence = false }: NextStepProps) {
  const { stop, restart, next } = useActions();
  const isBusy = useIsBusy(session.id);
  if (isPending(session)) {
    return (
      <button
        type="button"
        className={`btn btn-outline-danger ${isBusy ? "disabled" : ""}`}
        aria-busy={isBusy}
        aria-disabled={isBusy}
        disabled={session.allowed.stop !== true}
        onClick={() => {
          if (!isBusy) stop(session);
        }}
      >
        {texts.status.cancel}
      </button>
    );
  }
  if (hasEnded(session)) {
    const step = session.explanation?.next;
    const isHere = withEvidence && step?.action === "logs";
    return (
      <button
        type="button"
        className={`btn btn-primary ${isBusy ? "disabled" : ""}`}
        aria-busy={isBusy}
        aria-disabled={isBusy}
        onClick={() => {
          if (isBusy) return;
          if (isHere) restart(session);
          else next(session);
        }}
      >
        {isHere || !step ? texts.list.startAgain : step.label}
      </button>
    );
  }
  const href = safeHref(session.urls?.lab);
  if (session.access.lab?.state !== "ready" || !href) return null;
  return (
    <a className="btn btn-primary" href={href} target="_blank" rel="noopener noreferrer">
      {texts.doors.openPlain.lab}
    </a>
  );
}
