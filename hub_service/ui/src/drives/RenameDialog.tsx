/** Another name for a drive; the files stay where they are. */
import { useState } from "react";

import type { Drive } from "../api/types";
import { texts } from "../texts";
import { visible } from "../ui/visible";
import { renameDrive, useDriveChange } from "./changes";
import { QuestionField } from "./QuestionField";
import { fieldError, Question } from "./Question";
import { nameProblem } from "./words";

interface RenameDialogProps {
  drive: Drive;
  drives: readonly Drive[];
  onClose: () => void;
}

export function RenameDialog({ drive, drives, onClose }: RenameDialogProps) {
  const { mutate, isPending, error, reset } = useDriveChange();
  const [before] = useState(drive);
  const [name, setName] = useState(drive.name);
  const [isTried, setIsTried] = useState(false);
  const wrong = nameProblem(name, drives, drive);
  const submit = () => {
    setIsTried(true);
    if (wrong || isPending) return;
    if (name === before.name) onClose();
    else mutate(renameDrive(before, name), { onSuccess: onClose });
  };
  return (
    <Question
      title={texts.drives.renameTitle(visible(before.name))}
      confirm={texts.rename.save}
      isBusy={isPending}
      error={error}
      fields={["name"]}
      onClose={onClose}
      onConfirm={submit}
    >
      <QuestionField
        label={texts.drives.name}
        help={texts.drives.nameHelp}
        message={fieldError(error, "name") || (isTried ? wrong : "")}
        value={name}
        isFirst
        onChange={(value) => {
          reset();
          setName(value);
        }}
        onEnter={submit}
      />
    </Question>
  );
}
