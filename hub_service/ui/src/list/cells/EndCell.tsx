/** Why a session ended, in a few words that lead to its story. */
import type { Session } from "../../api/types";
import { texts } from "../../texts";
import { Act, reasonOf } from "../../ui/Act";
import { LayerLink } from "../../ui/LayerLink";
import { Text } from "../../ui/Text";
import { useActions, useIsBusy } from "../../actions/Actions";
import { hasEnded } from "../../live/fits";
import { paths } from "../../url/routes";

export function EndCell({ session }: { session: Session }) {
  const words = session.explanation?.short ?? session.cause;
  if (!words) return <>{texts.ago.never}</>;
  return (
    <LayerLink to={paths.story(session.id)}>
      <Text>{words}</Text>
    </LayerLink>
  );
}

/** An ended row of the Active tab: why, where it went, and the way back. */
export function OverCell({ session, isGone }: { session: Session; isGone: boolean }) {
  const { restart } = useActions();
  const isBusy = useIsBusy(session.id);
  if (isGone) return <span>{texts.list.gone}</span>;
  if (!hasEnded(session)) return null;
  return (
    <div className="over-cell">
      <EndCell session={session} />
      <small className="text-body-secondary">{texts.list.movedToHistory}</small>
      <Act
        className="btn-sm btn-outline-secondary"
        isBusy={isBusy}
        reason={reasonOf(session.allowed.restart)}
        onClick={() => {
          restart(session);
        }}
      >
        {texts.list.startAgain}
      </Act>
    </div>
  );
}
