/** The one menu of a session, Stop last; what may not be done is shown with the reason. */
import { useActions, useIsBusy, type Actions } from "../actions/Actions";
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { isLive, isPending } from "../live/fits";
import { texts } from "../texts";
import { hrefOf, openLayer } from "../url/location";
import { paths } from "../url/routes";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Menu, type MenuItem } from "../ui/Menu";
import { useIsOnline } from "./Problem";

export function ActionsMenu({ session }: { session: Session }) {
  const actions = useActions();
  const copy = useCopy();
  const isBusy = useIsBusy(session.id);
  const isOnline = useIsOnline();
  const items = [
    ...(isLive(session) ? activeItems(session, actions) : historyItems(session, actions)),
  ];
  const link: MenuItem = {
    label: texts.actions.copyLink,
    run: () => {
      copy(new URL(hrefOf(paths.details(session.id)), location.href).href);
    },
  };
  items.splice(isLive(session) ? -1 : items.length, 0, link);
  return (
    <Menu
      label={texts.list.actionsFor(session.name)}
      items={isOnline ? items : items.map(offline)}
      isBusy={isBusy}
    >
      <Icon name="more" />
    </Menu>
  );
}

function activeItems(session: Session, actions: Actions): MenuItem[] {
  const { id, allowed } = session;
  const { actions: t } = texts;
  const mayExtend = isOwn(session) ? reasonOf(allowed.extend) : undefined;
  return [
    {
      label: t.details,
      run: () => {
        openLayer(paths.details(id));
      },
    },
    {
      label: t.clone,
      run: () => {
        openLayer(paths.clone(id));
      },
      reason: reasonOf(allowed.clone),
    },
    ...(session.state === "running"
      ? [
          {
            label: t.keep,
            run: () => {
              openLayer(paths.keep(id));
            },
            reason: mayExtend,
          },
        ]
      : []),
    {
      label: t.rename,
      run: () => {
        openLayer(paths.rename(id));
      },
      reason: reasonOf(allowed.rename),
    },
    {
      label: isPending(session) ? t.cancelStart : t.stop,
      run: () => {
        actions.stop(session);
      },
      reason: reasonOf(allowed.stop),
      tone: "danger",
      line: true,
    },
  ];
}

function historyItems(session: Session, actions: Actions): MenuItem[] {
  const { id, allowed } = session;
  const { actions: t } = texts;
  return [
    {
      label: t.story,
      run: () => {
        openLayer(paths.story(id));
      },
    },
    {
      label: t.clone,
      run: () => {
        openLayer(paths.clone(id));
      },
      reason: reasonOf(allowed.clone),
    },
    {
      label: t.restart,
      run: () => {
        actions.restart(session);
      },
      reason: reasonOf(allowed.restart),
    },
    {
      label: t.rename,
      run: () => {
        openLayer(paths.rename(id));
      },
      reason: reasonOf(allowed.rename),
    },
  ];
}

function isOwn(session: Session): boolean {
  return session.owner === boot.me.name;
}

/** The sentence why not, or nothing when it is allowed or the service says nothing. */
function reasonOf(allowed: true | string | undefined): string | undefined {
  return typeof allowed === "string" ? allowed : undefined;
}

function offline(item: MenuItem): MenuItem {
  return { ...item, reason: texts.errors.offlineAction };
}
