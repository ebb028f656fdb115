/** The list under a combobox's field, in the top layer; the row that the keys are at is in sight. */
import { useEffect, useRef } from "react";

import type { Row } from "./combo-rows";
import { keepBelow } from "./place";
import { Text } from "./Text";

interface ComboListProps {
  /** The field's; the list is `{id}-list`, its rows `{id}-0` and so on. */
  id: string;
  label: string;
  isOpen: boolean;
  rows: Row[];
  at: number;
  value: string;
  emptyText: string;
  onChoose: (row: Row) => void;
}

export function ComboList({ id, label, isOpen, rows, at, value, ...props }: ComboListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const element = list.current;
    const field = document.getElementById(id);
    if (!isOpen || !element || !field) return;
    const letGo = openUnder(element, field);
    return () => {
      letGo();
      element.hidePopover();
    };
  }, [id, isOpen]);
  useEffect(() => {
    if (isOpen) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [id, isOpen, at]);
  return (
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
          {props.emptyText}
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
              props.onChoose(row);
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
  );
}

/** Open the list in the top layer under its field, as wide as the field. */
function openUnder(list: HTMLElement, field: HTMLElement): () => void {
  list.style.width = `${field.offsetWidth}px`;
  list.showPopover();
  return keepBelow(list, field, "start");
}
