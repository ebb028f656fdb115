/** The question before a session is stopped, with what is running in it. */
import { useSession } from "../api/useSession";
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
  // What the row says may be half a minute old.
  const { data: now = session } = useSession(session.id);
  const busy = now.idle?.held_by ?? [];
  return (
    <StopQuestion
      title={texts.stop.title(visible(session.name))}
      confirm={texts.stop.stop}
      sessionId={session.id}
      onClose={onClose}
      onStop={onStop}
    >
      {busy.length > 0 && (
        <p>
          <Text>{busy.map(({ sentence }) => sentence).join(" ")}</Text>
        </p>
      )}
    </StopQuestion>
  );
}
