/** "Keep running until…": one hour, four, or the evening; it counts at once and can be undone. */
import { useExtend } from "../actions/useExtend";
import { useIsBusy } from "../actions/Actions";
import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { useIsOnline } from "../ui/online";
import { keepChoices } from "./keep-choices";

export function KeepMenu({ session }: { session: Session }) {
  const { mutate: extend } = useExtend();
  const isBusy = useIsBusy(session.id);
  const isOnline = useIsOnline();
  const choices = keepChoices(serverNow(), boot.me.extend_max ?? null);
  return (
    <span data-keep>
      <Menu
        label={texts.details.keepRunning}
        className="btn btn-sm btn-outline-secondary"
        isBusy={isBusy}
        items={choices.map(({ label, note, reason, body }) => ({
          label,
          note,
          reason: isOnline ? reason : texts.errors.offlineAction,
          run: () => {
            extend({ id: session.id, session, body });
          },
        }))}
      >
        {texts.details.keepRunning} <Icon name="down" />
      </Menu>
    </span>
  );
}
