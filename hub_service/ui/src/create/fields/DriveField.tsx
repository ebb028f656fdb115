/** The drive: a combobox of one's drives that also makes a new one on the spot. */
import { useQueryClient } from "@tanstack/react-query";
import { useController, useFormContext } from "react-hook-form";

import { newKey } from "../../api/client";
import { sentenceOf } from "../../api/error-text";
import { useDrives } from "../../api/queries";
import type { Drive } from "../../api/types";
import { keys } from "../../live/cache";
import { quantityWords } from "../../list/quantity";
import { texts } from "../../texts";
import { Combobox, type Option } from "../../ui/Combobox";
import { Icon } from "../../ui/Icon";
import { makeDrive, useDriveChange } from "../../drives/changes";
import { ManageDrives } from "../../drives/ManageDrives";
import { useDriveOptions } from "../../drives/useDriveList";
import { DRIVE_NAME, type FormValues } from "../values";
import { driveTitle, fillWords, holderNames } from "./drive-words";
import { ByYaml, Message, Required, useFieldIds } from "./Field";

export function DriveField() {
  const { control } = useFormContext<FormValues>();
  const { field } = useController({ control, name: "drive" });
  const { data: drives } = useDrives();
  const { id, describedBy, isWrong, message, check } = useFieldIds("drive");
  const size = useNewSize();
  const { make, making } = useMaking(field.onChange);
  const isPending = making !== undefined;
  const options = optionsOf(drives ?? []);
  const missing = drives && !options.some(({ value }) => value === field.value) ? field.value : "";
  const canMake = DRIVE_NAME.test(missing);
  return (
    <div className="field">
      <label htmlFor={id} className="form-label">
        {texts.form.drive}
        <Required />
      </label>
      <ByYaml field="drive" />
      <div className="drive-line">
        <Combobox
          id={id}
          label={texts.form.drive}
          inputRef={field.ref}
          value={field.value}
          options={options}
          describedBy={describedBy}
          isWrong={isWrong || canMake}
          isBusy={isPending}
          emptyText={texts.form.driveNone}
          creatable={(typed) =>
            drives && DRIVE_NAME.test(typed) ? texts.form.driveCreate(typed, size) : null
          }
          onChoose={field.onChange}
          onCreate={make}
          onBlur={field.onBlur}
        />
        <ManageDrives onChoose={field.onChange} />
      </div>
      <div id={`${id}-help`} className="form-text">
        {isPending ? texts.form.driveMaking(making) : texts.form.driveHelp}
      </div>
      <Message
        id={id}
        message={canMake ? texts.form.driveMissing(missing) : message}
        check={canMake ? undefined : check}
      />
      {canMake && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary mt-1"
          aria-busy={isPending}
          aria-disabled={isPending}
          onClick={() => {
            if (!isPending) make(missing);
          }}
        >
          <Icon name="plus" /> {texts.form.driveCreate(missing, size)}
        </button>
      )}
    </div>
  );
}

/** "10 GiB": the size of a drive that is made without saying one; "" where drives have none. */
function useNewSize(): string {
  const { data } = useDriveOptions();
  return data?.size ? quantityWords(data.size) : "";
}

/** Makes a drive on the spot and chooses it; `making` is its name until it is there. */
function useMaking(onChoose: (name: string) => void) {
  const client = useQueryClient();
  const { setError, clearErrors, setFocus } = useFormContext<FormValues>();
  const { mutate, variables, isPending } = useDriveChange();
  const make = (typed: string) => {
    clearErrors("drive");
    mutate(makeDrive({ name: typed }, newKey()), {
      onSuccess: (made) => {
        client.setQueryData<Drive[]>(keys.drives, (all = []) => [...all, made]);
        clearErrors("drive");
        onChoose(made.name);
        setFocus("drive");
      },
      onError: (error) => {
        setError("drive", { message: sentenceOf(error) });
      },
    });
  };
  return { make, making: isPending ? variables.makes : undefined };
}

/** The default drive first; it is there even before the first session made it. */
function optionsOf(drives: Drive[]): Option[] {
  const listed = drives.toSorted((a, b) => Number(b.is_default) - Number(a.is_default));
  const options = listed.map((drive) => ({
    value: drive.name,
    label: driveTitle(drive),
    note: noteOf(drive),
  }));
  if (!drives.some((drive) => drive.is_default)) {
    options.unshift({ value: "default", label: texts.list.yourDefault, note: "" });
  }
  return options;
}

function noteOf(drive: Drive): string {
  const names = holderNames(drive);
  return [fillWords(drive), names ? texts.form.driveInUse(names) : ""].filter(Boolean).join(" · ");
}
