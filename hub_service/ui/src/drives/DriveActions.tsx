/** What can be done to a drive: choose it, and a menu with Delete last. */
import type { Drive } from "../api/types";
import { boot } from "../boot/boot";
import { useIsOnline } from "../ui/online";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { Menu, type MenuItem } from "../ui/Menu";
import type { Asked } from "./DriveDialog";
import { titleOf } from "./words";

interface DriveActionsProps {
  drive: Drive;
  onAsk: (asked: Asked) => void;
  onChoose: ((name: string) => void) | undefined;
}

export function DriveActions({ drive, onAsk, onChoose }: DriveActionsProps) {
  const isOnline = useIsOnline();
  const title = titleOf(drive, boot.me.name);
  const items = itemsFor(drive, onAsk);
  const offline = { reason: texts.errors.offlineAction };
  return (
    <div className="drive-actions">
      {onChoose && (
        <button
          type="button"
          className="btn btn-sm btn-outline-primary"
          aria-label={texts.drives.chooseNamed(title)}
          onClick={() => {
            onChoose(drive.name);
          }}
        >
          {texts.drives.choose}
        </button>
      )}
      <Menu
        label={texts.list.actionsFor(title)}
        items={isOnline ? items : items.map((item) => ({ ...item, ...offline }))}
      >
        <Icon name="more" />
      </Menu>
    </div>
  );
}

function itemsFor(drive: Drive, onAsk: (asked: Asked) => void): MenuItem[] {
  const { allowed } = drive;
  const ask = (what: "rename" | "grow" | "delete") => () => {
    onAsk({ what, id: drive.id });
  };
  // One in use says in the dialog by what, with the way there.
  const isInUse = allowed.rename === true && drive.mounted_by.length > 0;
  return [
    { label: texts.drives.rename, run: ask("rename"), reason: reasonOf(allowed.rename) },
    { label: texts.drives.grow, run: ask("grow"), reason: reasonOf(allowed.grow) },
    {
      label: texts.drives.delete,
      run: ask("delete"),
      reason: isInUse ? undefined : reasonOf(allowed.delete),
      tone: "danger",
      line: true,
    },
  ];
}

function reasonOf(allowed: boolean | string | undefined): string | undefined {
  return typeof allowed === "string" ? allowed : undefined;
}
