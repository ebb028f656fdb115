/** What is typed into a combobox, whether its list is open, and what the keys do. */
import { useState, type KeyboardEvent } from "react";

import { named, rowAfter, rowsFor, type Option, type Row } from "./combo-rows";

interface ComboboxOptions {
  value: string;
  options: Option[];
  creatable: (typed: string) => string | null;
  onChoose: (value: string) => void;
  onCreate: (typed: string) => void;
}

export function useCombobox({ value, options, creatable, onChoose, onCreate }: ComboboxOptions) {
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const rows = rowsFor(typed, value, options, creatable);
  const shown = typed ?? options.find((option) => option.value === value)?.label ?? value;

  const open = () => {
    setIsOpen(true);
    const chosen = rows.findIndex((row) => row.value === value);
    setAt(Math.max(0, chosen));
  };
  const close = () => {
    setIsOpen(false);
    setTyped(null);
  };
  const type = (text: string) => {
    setTyped(text);
    setIsOpen(true);
    setAt(0);
  };
  const choose = (row: Row | undefined) => {
    if (!row) return;
    if (row.isNew) onCreate(row.value);
    else onChoose(row.value);
    close();
  };
  /** Leaving the field: what was typed is not lost, also when there is no such option. */
  const leave = () => {
    const wanted = (typed ?? "").trim();
    const low = wanted.toLowerCase();
    const made = creatable(low) === null ? wanted : low;
    if (wanted) onChoose(named(wanted, options)?.value ?? made);
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : null;
    if (step === null && !(isOpen && ["Enter", "Escape"].includes(event.key))) return;
    event.preventDefault();
    if (step !== null && !isOpen) open();
    else if (step !== null) setAt(rowAfter(at, step, rows.length));
    else if (event.key === "Enter") choose(rows[at]);
    else {
      event.stopPropagation();
      close();
    }
  };
  return { rows, at, isOpen, shown, open, type, choose, leave, onKeyDown };
}
