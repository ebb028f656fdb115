/** The question before several sessions are stopped: their names, busy ones first. */
import type { Session } from "../api/types";
import { StopQuestion } from "../stop/StopQuestion";
import { texts } from "../texts";
import { Text } from "../ui/Text";

interface BulkStopDialogProps {
  sessions: Session[];
  /** How many of the chosen are left out, because of their owner or because they end anyway. */
  notYours: number;
  over: number;
  onClose: () => void;
  onStop: () => void;
}

export function BulkStopDialog(props: BulkStopDialogProps) {
  const { sessions, notYours, over, onClose, onStop } = props;
  const all = sessions.length + notYours + over;
  const busyFirst = sessions.toSorted((a, b) => holds(b) - holds(a));
  return (
    <StopQuestion
      title={texts.bulk.title(sessions.length)}
      confirm={texts.bulk.stop(sessions.length)}
      onClose={onClose}
      onStop={onStop}
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
      {notYours > 0 && <p>{texts.bulk.notYours(notYours, all)}</p>}
      {over > 0 && <p>{texts.bulk.over(over, all)}</p>}
    </StopQuestion>
  );
}

function holds(session: Session): number {
  return session.idle?.held_by?.length ?? 0;
}
