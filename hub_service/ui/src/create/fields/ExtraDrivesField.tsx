/** More drives, each a folder in the session's home. */
import { useFormContext } from "react-hook-form";

import { useDrives } from "../../api/queries";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { visible } from "../../ui/visible";
import type { FormValues } from "../values";
import { driveTitle } from "./drive-words";
import { Message, useFieldIds } from "./Field";
import { Rows } from "./Rows";
import { RowText, RowTitle } from "./RowText";

export function ExtraDrivesField() {
  return (
    <Rows
      name="extra_drives"
      legend={texts.form.extraDrives}
      help={[texts.form.extraDrivesHelp, whyNotReadOnly()].filter(Boolean).join(" ")}
      reason={boot.me.unsupported.extra_drives}
      add={texts.form.addDrive}
      remove={texts.form.removeDrive}
      empty={{ drive: "", path: "", read_only: false }}
      row={(place) => <DriveRow place={place} />}
    />
  );
}

function DriveRow({ place }: { place: number }) {
  const { register } = useFormContext<FormValues>();
  return (
    <>
      <DriveSelect place={place} />
      <RowText
        name={`extra_drives.${place}.path`}
        label={texts.form.rowPath(place + 1)}
        title={texts.form.rowTitles.folder}
        placeholder="data"
      />
      <label className="form-check row-check">
        <input
          type="checkbox"
          className="form-check-input"
          disabled={whyNotReadOnly() !== undefined}
          {...register(`extra_drives.${place}.read_only`)}
        />
        <span className="form-check-label">{texts.form.rowReadOnly}</span>
      </label>
    </>
  );
}

function DriveSelect({ place }: { place: number }) {
  const { register, getValues } = useFormContext<FormValues>();
  const { data: drives = [] } = useDrives();
  const { id, isWrong, message, check } = useFieldIds(`extra_drives.${place}.drive`);
  const asked = getValues(`extra_drives.${place}.drive`);
  const isThere = !asked || drives.some(({ name }) => name === asked);
  return (
    <div className="row-field">
      <RowTitle>{texts.form.rowTitles.drive}</RowTitle>
      <select
        className="form-select"
        aria-label={texts.form.rowDrive(place + 1)}
        aria-describedby={`${id}-message`}
        aria-invalid={isWrong}
        {...register(`extra_drives.${place}.drive`)}
      >
        <option value="">{texts.form.chooseDrive}</option>
        {!isThere && <option value={asked}>{visible(asked)}</option>}
        {drives.map((drive) => (
          <option key={drive.id} value={drive.name}>
            {driveTitle(drive)}
          </option>
        ))}
      </select>
      <Message id={id} message={message} check={check} />
    </div>
  );
}

function whyNotReadOnly(): string | undefined {
  return boot.me.unsupported["extra_drives.read_only"];
}
