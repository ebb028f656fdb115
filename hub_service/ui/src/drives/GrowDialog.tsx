/** More room for a drive: it only grows. */
import { useState } from "react";

import type { Drive } from "../api/types";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { growDrive, useDriveChange } from "./changes";
import { QuestionField } from "./QuestionField";
import { fieldError, Question } from "./Question";
import { gibOf, quantityOf, sizeProblem, capacityWords, titleOf } from "./words";

interface GrowDialogProps {
  drive: Drive;
  most: string | null;
  onClose: () => void;
}

export function GrowDialog({ drive, most, onClose }: GrowDialogProps) {
  const { mutate, isPending, error, reset } = useDriveChange();
  const now = drive.grows_to ?? drive.size;
  const [gib, setGib] = useState(gibOf(now));
  const [isTried, setIsTried] = useState(false);
  const wrong = sizeProblem(gib, most, now);
  const submit = () => {
    setIsTried(true);
    const size = quantityOf(gib);
    if (wrong || size === null || isPending) return;
    mutate(growDrive(drive, size), { onSuccess: onClose });
  };
  return (
    <Question
      title={texts.drives.growTitle(titleOf(drive, boot.me.name))}
      confirm={texts.drives.growConfirm}
      isBusy={isPending}
      error={error}
      fields={["size"]}
      onClose={onClose}
      onConfirm={submit}
    >
      <QuestionField
        label={texts.drives.sizeIn}
        help={`${texts.drives.growHelp} ${most ? texts.drives.upTo(capacityWords(most)) : ""}`}
        message={fieldError(error, "size") || (isTried ? wrong : "")}
        value={gib}
        isFirst
        inputMode="decimal"
        onChange={(value) => {
          reset();
          setGib(value);
        }}
        onEnter={submit}
      />
    </Question>
  );
}
