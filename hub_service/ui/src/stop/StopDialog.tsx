/** The question before a session is stopped, with what is running in it. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { StopQuestion } from "./StopQuestion";

interface StopDialogProps {
  session: Session;
  onClose: () => void;
  onStop: () => void;
}

export function StopDialog({ session, onClose, onStop }: StopDialogProps) {
  const busy = session.idle?.held_by ?? [];
  return (
    <StopQuestion
      title={texts.stop.title(visible(session.name))}
      confirm={texts.stop.stop}
      sessionId={session.id}
      onClose={onClose}
      onStop={onStop}
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
    </StopQuestion>
  );
}
