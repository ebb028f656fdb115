/** The question before several sessions are stopped: their names, busy ones first. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { Text } from "../ui/Text";

interface BulkStopDialogProps {
  sessions: Session[];
  leftOut: number;
  onClose: () => void;
  onStop: () => void;
}

export function BulkStopDialog({ sessions, leftOut, onClose, onStop }: BulkStopDialogProps) {
  const busyFirst = sessions.toSorted((a, b) => holds(b) - holds(a));
  return (
    <Dialog
      title={texts.bulk.title(sessions.length)}
      onClose={onClose}
      size="question"
      footer={
        <>
          <button
            type="button"
            className="btn btn-outline-secondary"
            data-first-focus
            onClick={onClose}
          >
            {texts.stop.keep}
          </button>
          <button type="button" className="btn btn-danger" data-confirm onClick={onStop}>
            {texts.bulk.stop(sessions.length)}
          </button>
        </>
      }
    >
      <ul className="bulk-names">
        {busyFirst.map((session) => (
          <li key={session.id}>
            <Text>{session.name}</Text>
            {session.idle?.held_by?.[0] && (
              <small className="text-body-secondary d-block">
                <Text>{session.idle.held_by[0].sentence}</Text>
              </small>
            )}
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p>{texts.bulk.leftOut(leftOut, leftOut + sessions.length)}</p>}
      <p className="mb-0">{texts.stop.kept}</p>
    </Dialog>
  );
}

function holds(session: Session): number {
  return session.idle?.held_by?.length ?? 0;
}
