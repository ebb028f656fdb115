/** The drives that were deleted and can still be restored. */
import type { Drive } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { agoWords, dateWords } from "../time/words";
import { visible } from "../ui/visible";
import { restoreDrive, useDriveChange } from "./changes";
import { useDriveList } from "./useDriveList";

interface DeletedDrivesProps {
  owner: string;
  isOnline: boolean;
  grace: number | undefined;
}

export function DeletedDrives({ owner, isOnline, grace = 7 * 86_400 }: DeletedDrivesProps) {
  const { data: drives = [] } = useDriveList(owner, true);
  const { mutate, isPending } = useDriveChange(true);
  const mayRestore = owner === boot.me.name || boot.me.admin;
  const restore = (drive: Drive, button: HTMLElement) => {
    // The button goes with the drive: the focus is led to what all drives stand under.
    const heading = button.closest("dialog, main")?.querySelector<HTMLElement>("h2");
    mutate(restoreDrive(drive), {
      onSuccess: () => {
        if (isFocusAt(button)) heading?.focus();
      },
    });
  };
  if (drives.length === 0) return null;
  return (
    <section aria-label={texts.drives.deletedTitle} className="drives-deleted">
      <h3 className="h6">{texts.drives.deletedTitle}</h3>
      <ul>
        {drives.map((drive) => (
          <li key={drive.id}>
            <span>
              {visible(drive.name)} <Until drive={drive} grace={grace} />
            </span>
            <button
              type="button"
              className={`btn btn-sm btn-outline-secondary ${isPending ? "disabled" : ""}`}
              aria-label={texts.drives.restoreNamed(visible(drive.name))}
              aria-busy={isPending}
              aria-disabled={isPending}
              disabled={!isOnline || !mayRestore}
              onClick={({ currentTarget }) => {
                if (!isPending) restore(drive, currentTarget);
              }}
            >
              {texts.drives.restore}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Also when it has gone already, and the focus with it. */
function isFocusAt(button: HTMLElement): boolean {
  const { activeElement, body } = document;
  return activeElement === button || activeElement === body || activeElement === null;
}

function Until({ drive, grace }: { drive: Drive; grace: number }) {
  const words = useWords((now) => {
    const at = drive.deleted_at ?? drive.created_at;
    const ends = Date.parse(at) + grace * 1000;
    return texts.drives.deletedWhen(agoWords(at, now), dateWords(ends, now));
  });
  return <small className="text-body-secondary">{words}</small>;
}
