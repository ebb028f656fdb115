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
  const title = !session || isPending(session) ? texts.status.title : texts.status.titleReady;
  return (
    <Dialog
      title={title(name)}
      onClose={closeLayer}
      sessionId={id}
      footer={
        <>
          {session && <NextStep session={session} />}
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

/** The one thing to do now: cancel the start, open it, or what the end suggests. */
export function NextStep({ session }: { session: Session }) {
  const { stop, next } = useActions();
  const isBusy = useIsBusy(session.id);
  if (isPending(session)) {
    return (
      <button
        type="button"
        className="btn btn-outline-danger"
        aria-busy={isBusy}
        disabled={isBusy || session.allowed.stop !== true}
        onClick={() => {
          stop(session);
        }}
      >
        {texts.status.cancel}
      </button>
    );
  }
  if (hasEnded(session)) {
    return (
      <button
        type="button"
        className="btn btn-primary"
        aria-busy={isBusy}
        disabled={isBusy}
        onClick={() => {
          next(session);
        }}
      >
        {session.explanation?.next?.label ?? texts.list.startAgain}
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
