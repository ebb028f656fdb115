/** A new drive: name, size within what is left, and its kind if there is a choice. */
import { useId, useState } from "react";

import { newKey } from "../api/client";
import type { DriveOptions } from "../api/schemas";
import type { Drive } from "../api/types";
import { texts } from "../texts";
import { FieldMessage } from "../ui/FieldMessage";
import { visible } from "../ui/visible";
import { makeDrive, useDriveChange } from "./changes";
import { QuestionField } from "./QuestionField";
import { fieldError, Question } from "./Question";
import { gibOf, nameProblem, quantityOf, sizeProblem, capacityWords, totalWords } from "./words";

interface NewDialogProps {
  drives: readonly Drive[];
  options: DriveOptions | undefined;
  onClose: () => void;
}

export function NewDialog({ drives, options, onClose }: NewDialogProps) {
  const { mutate, isPending, error, reset } = useDriveChange();
  const [name, setName] = useState("");
  const [gib, setGib] = useState<string | null>(null);
  const [kind, setKind] = useState("");
  const [isTried, setIsTried] = useState(false);
  // A drive that was asked for twice is made once; another one has another key.
  const [key, setKey] = useState(newKey);
  const usual = options?.size ?? null;
  const most = options?.size_max ?? null;
  const typed = gib ?? gibOf(usual);
  const wrong = {
    name: nameProblem(name, drives),
    size: usual === null ? "" : sizeProblem(typed, most),
  };
  const submit = () => {
    setIsTried(true);
    if (wrong.name || wrong.size || isPending) return;
    // Untouched, the size is the server's own word for it.
    const size = gib === null ? null : quantityOf(gib);
    const body = { name, ...(size ? { size } : {}), ...(kind ? { storage_class: kind } : {}) };
    mutate(makeDrive(body, key), { onSuccess: onClose });
  };
  const change = (set: (value: string) => void) => (value: string) => {
    reset();
    setKey(newKey());
    set(value);
  };
  return (
    <Question
      title={texts.drives.create}
      confirm={texts.drives.createConfirm}
      isBusy={isPending}
      error={error}
      fields={["name", "size", "storage_class"]}
      onClose={onClose}
      onConfirm={submit}
    >
      <QuestionField
        label={texts.drives.name}
        help={texts.drives.nameHelp}
        message={fieldError(error, "name") || (isTried ? wrong.name : "")}
        value={name}
        isFirst
        onChange={change(setName)}
        onEnter={submit}
      />
      {usual !== null && (
        <QuestionField
          label={texts.drives.sizeIn}
          help={sizeHelp(options, most)}
          message={fieldError(error, "size") || (isTried ? wrong.size : "")}
          value={typed}
          inputMode="decimal"
          onChange={change(setGib)}
          onEnter={submit}
        />
      )}
      {options && options.storage_classes.length > 0 && (
        <Kinds
          options={options}
          value={kind}
          message={fieldError(error, "storage_class")}
          onChange={change(setKind)}
        />
      )}
    </Question>
  );
}

function sizeHelp(options: DriveOptions | undefined, most: string | null): string {
  const total = totalWords(options?.total_used ?? null, options?.total_max ?? null);
  return [most ? texts.drives.upTo(capacityWords(most)) : "", total].filter(Boolean).join(" ");
}

interface KindsProps {
  options: DriveOptions;
  value: string;
  message: string;
  onChange: (value: string) => void;
}

function Kinds({ options, value, message, onChange }: KindsProps) {
  const id = useId();
  const usual = options.storage_class;
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {texts.drives.kind}
      </label>
      <select
        id={id}
        className="form-select"
        value={value}
        aria-invalid={message !== ""}
        aria-describedby={`${id}-message`}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">{usual ? visible(usual) : texts.drives.usualKind}</option>
        {options.storage_classes
          .filter((each) => each !== usual)
          .map((each) => (
            <option key={each} value={each}>
              {visible(each)}
            </option>
          ))}
      </select>
      <FieldMessage id={`${id}-message`} message={message} />
    </div>
  );
}
