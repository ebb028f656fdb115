/** The bell: how much is new, and the notices of this tab in a panel. */
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { lazily } from "../ui/lazily";
import { newsSince } from "../ui/notice-log";
import { useNoticeLog } from "../ui/Notices";
import { Popup } from "../ui/Popup";

const Panel = lazily(() => import("./Panel").then(({ Panel: Loaded }) => Loaded));

export function Bell() {
  const { log, seen, see } = useNoticeLog();
  const news = newsSince(log, seen);
  return (
    <Popup
      label={texts.bell.button(news)}
      className="btn-icon border-0"
      button={
        <>
          <Icon name="bell" />
          {news > 0 && <span className="badge text-bg-primary ms-1">{news}</span>}
        </>
      }
    >
      <Panel log={log} onSeen={see} />
    </Popup>
  );
}
