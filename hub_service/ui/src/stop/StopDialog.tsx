/** The question before a session is stopped, with what is running in it. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { Text } from "../ui/Text";

interface StopDialogProps {
  session: Session;
  onClose: () => void;
  onStop: () => void;
}

export function StopDialog({ session, onClose, onStop }: StopDialogProps) {
  const busy = session.idle?.held_by ?? [];
  return (
    <Dialog
      title={texts.stop.title(session.name)}
      onClose={onClose}
      size="question"
      sessionId={session.id}
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
            {texts.stop.stop}
          </button>
        </>
      }
    >
      {busy.length > 0 && (
        <ul>
          {busy.map((hold) => (
            <li key={hold.sentence}>
              <Text>{hold.sentence}</Text>
            </li>
          ))}
        </ul>
      )}
      <p className="mb-0">{texts.stop.kept}</p>
    </Dialog>
  );
}
