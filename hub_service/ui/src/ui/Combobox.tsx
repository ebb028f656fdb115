/** A text field with a list of options in the top layer, after the ARIA combobox pattern. */
import { useEffect, useRef, useState, type KeyboardEvent, type Ref } from "react";

import { keepBelow, placeBelow } from "./place";
import { Text } from "./Text";

export interface Option {
  value: string;
  label: string;
  note: string;
}

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
  const { id, label, value, options, describedBy, isWrong, isBusy, emptyText, inputRef } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const element = list.current;
    const field = element?.previousElementSibling;
    if (!isOpen || !element || !(field instanceof HTMLElement)) return;
    const letGo = openUnder(element, field);
    return () => {
      letGo();
      element.hidePopover();
    };
  }, [isOpen]);
  const rows = rowsFor(typed, value, options, props.creatable);
  const shown = typed ?? options.find((option) => option.value === value)?.label ?? value;

  const open = () => {
    setIsOpen(true);
    setAt(
      Math.max(
        0,
        rows.findIndex((row) => row.value === value),
      ),
    );
  };
  const close = () => {
    setIsOpen(false);
    setTyped(null);
  };
  /** Leaving the field: what was typed is not lost, also when there is no such option. */
  const keepTyped = () => {
    const wanted = (typed ?? "").trim();
    const low = wanted.toLowerCase();
    const made = props.creatable(low) === null ? wanted : low;
    if (wanted) props.onChoose(named(wanted, options)?.value ?? made);
  };
  const choose = (row: Row | undefined) => {
    if (!row) return;
    if (row.isNew) props.onCreate(row.value);
    else props.onChoose(row.value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      else
        setAt((at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % Math.max(1, rows.length));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      choose(rows[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
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
        onClick={open}
        onChange={(event) => {
          setTyped(event.target.value);
          setIsOpen(true);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          keepTyped();
          close();
          props.onBlur();
        }}
      />
      <ul
        id={`${id}-list`}
        ref={list}
        role="listbox"
        aria-label={label}
        popover="manual"
        className="menu combo-list"
      >
        {isOpen && rows.length === 0 && (
          <li role="option" aria-disabled="true" aria-selected="false" className="combo-empty">
            {emptyText}
          </li>
        )}
        {isOpen &&
          rows.map((row, index) => (
            <li
              key={row.value + String(row.isNew)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={row.value === value && !row.isNew}
              className={`dropdown-item ${index === at ? "at" : ""}`}
              onPointerDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                choose(row);
              }}
            >
              <Text>{row.label}</Text>
              {row.note && (
                <small className="d-block text-body-secondary">
                  <Text>{row.note}</Text>
                </small>
              )}
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Open the list in the top layer under its field, as wide as the field. */
function openUnder(list: HTMLElement, field: HTMLElement): () => void {
  list.style.width = `${field.offsetWidth}px`;
  list.showPopover();
  const letGo = keepBelow(list, field, "start");
  // Fewer rows while somebody types: a list over its field stays at the field.
  const sizes = new ResizeObserver(() => {
    placeBelow(list, field, "start");
  });
  sizes.observe(list);
  return () => {
    sizes.disconnect();
    letGo();
  };
}

interface Row extends Option {
  isNew: boolean;
}

/** What fits the typed text, and the offer to make it when nothing is called exactly so. */
function rowsFor(
  typed: string | null,
  value: string,
  options: Option[],
  creatable: (typed: string) => string | null,
): Row[] {
  const wanted = (typed ?? "").trim().toLowerCase();
  const fitting = options
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted))
    .map((option) => ({ ...option, isNew: false }));
  const asked = typed === null ? value : wanted;
  const offer = asked && !named(asked, options) ? creatable(asked) : null;
  return offer ? [...fitting, { value: asked, label: offer, note: "", isNew: true }] : fitting;
}

/** The option that is called so, in any case. */
function named(text: string, options: Option[]): Option | undefined {
  const wanted = text.toLowerCase();
  return options.find(
    ({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  );
}
