/** The one menu of a session, Stop last; what may not be done is shown with the reason. */
import { useActions, useIsBusy, type Actions } from "../actions/Actions";
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { hrefOf, openLayer } from "../url/location";
import { paths } from "../url/routes";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Menu, type MenuItem } from "../ui/Menu";
import { useIsOnline } from "../ui/online";
import { visible } from "../ui/visible";
import { entriesFor, type Entry, type EntryKey } from "./menu-entries";

export function ActionsMenu({ session }: { session: Session }) {
  const actions = useActions();
  const copy = useCopy();
  const isBusy = useIsBusy(session.id);
  const isOnline = useIsOnline();
  const doers = doersOf(session, actions, copy);
  const items = entriesFor(session, boot.me.name).map((entry) =>
    itemOf(entry, doers[entry.key], isOnline),
  );
  return (
    <Menu label={texts.list.actionsFor(visible(session.name))} items={items} isBusy={isBusy}>
      <Icon name="more" />
    </Menu>
  );
}

function itemOf({ key, reason }: Entry, run: () => void, isOnline: boolean): MenuItem {
  const item: MenuItem = {
    label: texts.actions[key],
    run,
    reason: isOnline ? reason : texts.errors.offlineAction,
  };
  return key === "stop" || key === "cancelStart" ? { ...item, tone: "danger", line: true } : item;
}

function doersOf(
  session: Session,
  actions: Actions,
  copy: (text: string) => void,
): Record<EntryKey, () => void> {
  const { id } = session;
  const stop = () => {
    actions.stop(session);
  };
  const go = (path: string) => () => {
    openLayer(path);
  };
  return {
    open: () => window.open(hrefOf(paths.open(id, "lab")), "_blank", "noopener"),
    details: go(paths.details(id)),
    story: go(paths.story(id)),
    clone: go(paths.clone(id)),
    keep: go(paths.keep(id)),
    rename: go(paths.rename(id)),
    restart: () => {
      actions.restart(session);
    },
    copyLink: () => {
      copy(new URL(hrefOf(paths.details(id)), location.href).href);
    },
    cancelStart: stop,
    stop,
  };
}
