/** A text field with a list of options in the top layer, after the ARIA combobox pattern. */
import type { Ref } from "react";

import type { Option } from "./combo-rows";
import { ComboList } from "./ComboList";
import { useCombobox } from "./useCombobox";

export type { Option } from "./combo-rows";

interface ComboboxProps {
  id: string;
  label: string;
  value: string;
  options: Option[];
  describedBy: string;
  isWrong: boolean;
  isBusy: boolean;
  emptyText: string;
  inputRef?: Ref<HTMLInputElement>;
  /** The offer to make what was typed, or null when it cannot be made. */
  creatable: (typed: string) => string | null;
  onChoose: (value: string) => void;
  onCreate: (typed: string) => void;
  onBlur: () => void;
}

export function Combobox(props: ComboboxProps) {
  const { id, label, value, describedBy, isWrong, isBusy, emptyText, inputRef } = props;
  const { rows, at, isOpen, shown, ...combobox } = useCombobox(props);
  return (
    <div className="combobox">
      <input
        id={id}
        ref={inputRef}
        role="combobox"
        className="form-select"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && rows[at] ? `${id}-${at}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        aria-busy={isBusy}
        aria-required="true"
        value={shown}
        onClick={combobox.open}
        onChange={(event) => {
          combobox.type(event.target.value);
        }}
        onKeyDown={combobox.onKeyDown}
        onBlur={() => {
          combobox.leave();
          props.onBlur();
        }}
      />
      <ComboList
        id={id}
        label={label}
        isOpen={isOpen}
        rows={rows}
        at={at}
        value={value}
        emptyText={emptyText}
        onChoose={combobox.choose}
      />
    </div>
  );
}
