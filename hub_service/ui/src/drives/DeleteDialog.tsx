/** The question before a drive is deleted: its name is typed. One in use says by what. */
import { useState } from "react";

import type { Drive } from "../api/types";
import { amountOf } from "../list/quantity";
import { texts } from "../texts";
import { durationWords } from "../time/words";
import { Dialog } from "../ui/Dialog";
import { LayerLink } from "../ui/LayerLink";
import { visible } from "../ui/visible";
import { paths } from "../url/routes";
import { deleteDrive, useDriveChange } from "./changes";
import { QuestionField } from "./QuestionField";
import { fieldError, Question } from "./Question";
import { bytesWords, inUseWords } from "./words";

interface DeleteDialogProps {
  drive: Drive;
  grace: number | undefined;
  onClose: () => void;
}

export function DeleteDialog({ drive, grace = 7 * 86_400, onClose }: DeleteDialogProps) {
  const { mutate, isPending, error, reset } = useDriveChange();
  const [typed, setTyped] = useState("");
  const [isTried, setIsTried] = useState(false);
  const name = visible(drive.name);
  const used = amountOf(drive.used);
  const days = durationWords(grace);
  if (drive.mounted_by.length > 0) return <InUse drive={drive} onClose={onClose} />;
  const wrong = typed === drive.name ? "" : texts.drives.errors.confirm(name);
  const submit = () => {
    setIsTried(true);
    if (!wrong && !isPending) mutate(deleteDrive(drive, days), { onSuccess: onClose });
  };
  return (
    <Question
      title={texts.drives.deleteTitle(name)}
      confirm={texts.drives.deleteConfirm}
      isDangerous
      isBusy={isPending}
      error={error}
      fields={["confirm"]}
      onClose={onClose}
      onConfirm={submit}
    >
      <p>
        {texts.drives.deleteQuestion(name, used === null ? "" : bytesWords(used))}{" "}
        {texts.drives.restorable(days)}
      </p>
      <QuestionField
        label={texts.drives.typeName(name)}
        message={fieldError(error, "confirm") || (isTried ? wrong : "")}
        value={typed}
        isFirst
        onChange={(value) => {
          reset();
          setTyped(value);
        }}
        onEnter={submit}
      />
    </Question>
  );
}

function InUse({ drive, onClose }: { drive: Drive; onClose: () => void }) {
  const isOne = drive.mounted_by.length === 1;
  return (
    <Dialog
      title={texts.drives.deleteTitle(visible(drive.name))}
      onClose={onClose}
      size="question"
      footer={drive.mounted_by.map(({ id, name }) => (
        <LayerLink key={id} to={paths.details(id)} className="btn btn-outline-primary">
          {isOne ? texts.drives.goToIt : texts.drives.goTo(visible(name))}
        </LayerLink>
      ))}
    >
      <p className="mb-0">{inUseWords(drive)}</p>
    </Dialog>
  );
}
