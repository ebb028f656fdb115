/** The drive: a combobox of one's drives that also makes a new one on the spot. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useController, useFormContext } from "react-hook-form";

import { call, newKey } from "../../api/client";
import { sentenceOf } from "../../api/error-text";
import { useDrives } from "../../api/queries";
import type { Drive } from "../../api/types";
import { keys } from "../../live/cache";
import { quantityWords } from "../../list/words";
import { texts } from "../../texts";
import { Combobox, type Option } from "../../ui/Combobox";
import { useNotices } from "../../ui/Notices";
import { visible } from "../../ui/visible";
import { DRIVE_NAME, type FormValues } from "../form";
import { Message, useFieldIds } from "./Field";

export function DriveField() {
  const { control, setError } = useFormContext<FormValues>();
  const { field } = useController({ control, name: "drive" });
  const { data: drives } = useDrives();
  const { id, describedBy, isWrong, message } = useFieldIds("drive");
  const { mutate: make, variables: name, isPending } = useMakeDrive();
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {texts.form.drive}
      </label>
      <Combobox
        id={id}
        label={texts.form.drive}
        inputRef={field.ref}
        value={field.value}
        options={optionsOf(drives ?? [], field.value)}
        describedBy={describedBy}
        isWrong={isWrong}
        isBusy={isPending}
        emptyText={texts.form.driveNone}
        creatable={(typed) => (DRIVE_NAME.test(typed) ? texts.form.driveCreate(typed) : null)}
        onChoose={field.onChange}
        onCreate={(typed) => {
          make(typed, {
            onSuccess: (made) => {
              field.onChange(made.name);
            },
            onError: (error) => {
              setError("drive", { message: sentenceOf(error) });
            },
          });
        }}
        onBlur={field.onBlur}
      />
      <div id={`${id}-help`} className="form-text">
        {isPending ? texts.form.driveMaking(name) : texts.form.driveHelp}
      </div>
      <Message id={id} message={message} />
    </div>
  );
}

function useMakeDrive() {
  const client = useQueryClient();
  const { say } = useNotices();
  return useMutation({
    mutationFn: (name: string) =>
      call<Drive>("POST", "drives", { body: { name }, idempotencyKey: newKey() }),
    onSuccess: (made) => {
      client.setQueryData<Drive[]>(keys.drives, (all = []) => [...all, made]);
      void client.invalidateQueries({ queryKey: ["preview"] });
      say(texts.form.driveMade(made.name));
    },
  });
}

/** The default drive first; it is there even before the first session made it. */
function optionsOf(drives: Drive[], chosen: string): Option[] {
  const listed = drives.toSorted((a, b) => Number(b.is_default) - Number(a.is_default));
  const options = listed.map((drive) => ({
    value: drive.name,
    label: drive.is_default ? texts.list.yourDefault : visible(drive.name),
    note: noteOf(drive),
  }));
  if (!drives.some((drive) => drive.is_default)) {
    options.unshift({ value: "default", label: texts.list.yourDefault, note: "" });
  }
  // A drive of a clone or a link stays chosen until the service says what is wrong with it.
  if (chosen && !options.some(({ value }) => value === chosen)) {
    options.push({ value: chosen, label: visible(chosen), note: "" });
  }
  return options;
}

function noteOf({ size, used, mounted_by: holders = [] }: Drive): string {
  const names = holders.map(({ name }) => visible(name)).join(", ");
  return [
    used ? quantityWords(used) : "",
    size ? quantityWords(size) : "",
    names ? texts.form.driveInUse(names) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
