/** The one thing to do now: cancel the start, open it, or what the end suggests. */
import { useActions, useIsBusy } from "../actions/Actions";
import type { Session } from "../api/types";
import { hasEnded, isPending } from "../live/fits";
import { texts } from "../texts";
import { Act, reasonOf } from "../ui/Act";
import { safeHref } from "../ui/links";

interface NextStepProps {
  session: Session;
  /** The evidence stands beside it, so "See the last lines" would lead nowhere. */
  withEvidence?: boolean;
}

export function NextStep({ session, withEvidence = false }: NextStepProps) {
  const { stop, restart, next } = useActions();
  const isBusy = useIsBusy(session.id);
  if (isPending(session)) {
    return (
      <Act
        className="btn-outline-danger"
        isBusy={isBusy}
        reason={reasonOf(session.allowed.stop)}
        onClick={() => {
          stop(session);
        }}
      >
        {texts.status.cancel}
      </Act>
    );
  }
  if (hasEnded(session)) {
    const step = session.explanation?.next;
    const isHere = withEvidence && step?.action === "logs";
    const isRestart = isHere || !step || step.action === "restart";
    return (
      <Act
        className="btn-primary"
        isBusy={isBusy}
        reason={isRestart ? reasonOf(session.allowed.restart) : null}
        onClick={() => {
          if (isHere) restart(session);
          else next(session);
        }}
      >
        {isHere || !step ? texts.list.startAgain : step.label}
      </Act>
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
