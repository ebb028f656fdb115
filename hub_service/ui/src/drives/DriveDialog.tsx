/** The dialog of what is asked for: a new drive, another name, more room, or its end. */
import { useState } from "react";

import type { DriveOptions } from "../api/schemas";
import type { Drive } from "../api/types";
import { DeleteDialog } from "./DeleteDialog";
import { GrowDialog } from "./GrowDialog";
import { NewDialog } from "./NewDialog";
import { RenameDialog } from "./RenameDialog";

export type Asked = { what: "new" } | { what: "rename" | "grow" | "delete"; id: string };

interface DriveDialogProps {
  asked: Asked;
  drives: readonly Drive[];
  options: DriveOptions | undefined;
  onClose: () => void;
}

export function DriveDialog({ asked, drives, options, onClose }: DriveDialogProps) {
  if (asked.what === "new") {
    return <NewDialog drives={drives} options={options} onClose={onClose} />;
  }
  return <OneDrive asked={asked} drives={drives} options={options} onClose={onClose} />;
}

interface OneDriveProps extends DriveDialogProps {
  asked: Exclude<Asked, { what: "new" }>;
}

/** It stays until it is closed: the drive may leave the list before the answer is there. */
function OneDrive({ asked, drives, options, onClose }: OneDriveProps) {
  const listed = drives.find(({ id }) => id === asked.id);
  const [known, setKnown] = useState(listed);
  if (listed && listed !== known) setKnown(listed);
  const drive = listed ?? known;
  if (!drive) return null;
  if (asked.what === "rename") {
    return <RenameDialog drive={drive} drives={drives} onClose={onClose} />;
  }
  if (asked.what === "grow") {
    return <GrowDialog drive={drive} most={options?.size_max ?? null} onClose={onClose} />;
  }
  return <DeleteDialog drive={drive} grace={options?.grace_seconds} onClose={onClose} />;
}
