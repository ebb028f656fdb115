/** The drives over another dialog: the create form opens it and takes the choice. */
import { createPortal } from "react-dom";
import type { SyntheticEvent } from "react";

import { boot } from "../boot/boot";
import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { DriveBoard } from "./DriveBoard";

interface DriveManagerProps {
  /** Takes the name of one of the visitor's own drives. */
  onChoose: (name: string) => void;
  onClose: () => void;
}

export function DriveManager({ onChoose, onClose }: DriveManagerProps) {
  return createPortal(
    <div onKeyDown={stay} onBlur={stay} onChange={stay}>
      <Dialog title={texts.drives.title} onClose={onClose} size="wide">
        <DriveBoard
          owner={boot.me.name}
          onChoose={(name) => {
            onChoose(name);
            onClose();
          }}
        />
      </Dialog>
    </div>,
    document.body,
  );
}

/** What happens here is none of the form's below, which React would tell it to. */
function stay(event: SyntheticEvent): void {
  event.stopPropagation();
}
