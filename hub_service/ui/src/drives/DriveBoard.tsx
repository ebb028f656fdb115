/** The drives with all that can be done to them, on a screen of their own or in a dialog. */
import { useState } from "react";

import { useLimits } from "../api/queries";
import { boot } from "../boot/boot";
import { ListSkeleton } from "../list/ListStates";
import { Problem } from "../list/Problem";
import { useIsOnline } from "../ui/online";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { NARROW, useMedia } from "../ui/media";
import { visible } from "../ui/visible";
import { DeletedDrives } from "./DeletedDrives";
import { DriveCards } from "./DriveCards";
import { DriveDialog, type Asked } from "./DriveDialog";
import { DriveTable } from "./DriveTable";
import { useDriveList, useDriveOptions } from "./useDriveList";
import { driveCalled, totalWords } from "./words";

interface DriveBoardProps {
  owner: string;
  /** The drive that the address names. */
  reference?: string | null;
  /** Choose a drive for what the board stands over. */
  onChoose?: (name: string) => void;
}

export function DriveBoard({ owner, reference = null, onChoose }: DriveBoardProps) {
  const { data: drives, failureReason, dataUpdatedAt, refetch } = useDriveList(owner);
  const { data: options } = useDriveOptions();
  const [asked, setAsked] = useState<Asked | null>(null);
  const isNarrow = useMedia(NARROW);
  const isOnline = useIsOnline();
  const isOwn = owner === boot.me.name;
  const meant = reference === null ? undefined : driveCalled(drives ?? [], reference);
  const List = isNarrow ? DriveCards : DriveTable;
  return (
    <div className="drives">
      <div className="drives-head">
        {isOwn && (
          <button
            type="button"
            className="btn btn-outline-primary"
            disabled={!isOnline}
            onClick={() => {
              setAsked({ what: "new" });
            }}
          >
            <Icon name="plus" /> {texts.drives.create}
          </button>
        )}
        {isOwn && (
          <Room total={totalWords(options?.total_used ?? null, options?.total_max ?? null)} />
        )}
      </div>
      <Problem
        reason={failureReason}
        at={dataUpdatedAt || undefined}
        onTry={() => void refetch()}
      />
      {drives && reference !== null && !meant && (
        <p className="form-notes">{texts.drives.missing(visible(reference))}</p>
      )}
      {!drives && !failureReason && <ListSkeleton />}
      {drives?.length === 0 && (
        <p className="empty">{isOwn ? texts.drives.empty : texts.drives.emptyOf(visible(owner))}</p>
      )}
      {drives && drives.length > 0 && (
        <List drives={drives} meant={meant?.id} onAsk={setAsked} onChoose={onChoose} />
      )}
      <DeletedDrives owner={owner} isOnline={isOnline} grace={options?.grace_seconds} />
      {asked && (
        <DriveDialog
          asked={asked}
          drives={drives ?? []}
          options={options}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}

/** How many drives there are of how many, and what they have together. */
function Room({ total }: { total: string }) {
  const { data: limits } = useLimits();
  const { used, max = null } = limits?.drives ?? { used: 0 };
  const words = [max === null ? "" : texts.drives.count(used, max), total];
  return <span className="text-body-secondary">{words.filter(Boolean).join(" · ")}</span>;
}
