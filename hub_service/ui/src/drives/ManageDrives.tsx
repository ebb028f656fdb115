/** The button ▤ beside a field for a drive: it opens the drives over the form. */
import { useState } from "react";

import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { lazily } from "../ui/lazily";

const DriveManager = lazily(() => import("./DriveManager").then((part) => part.DriveManager));

export function ManageDrives({ onChoose }: { onChoose: (name: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="btn btn-outline-secondary"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        <Icon name="drive" /> {texts.form.manageDrives}
      </button>
      {isOpen && (
        <DriveManager
          onChoose={onChoose}
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </>
  );
}
