/** A button that opens a small panel of fields in the top layer; Esc and a click outside close it. */
import { useId, useRef, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";

import { useKeptBelow } from "./place";

interface PopupProps {
  label: string;
  button: ReactNode;
  children: ReactNode;
  className?: string;
  onOpen?: () => void;
}

export function Popup({ label, button, children, className = "", onOpen }: PopupProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const { keep, letGo } = useKeptBelow();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={`btn btn-sm btn-outline-secondary ${className}`}
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={id}
        popoverTarget={id}
      >
        {button}
      </button>
      <div
        id={id}
        popover="auto"
        role="group"
        aria-label={label}
        className="menu popup"
        onBeforeToggle={(event) => {
          // The fields have to be there before the panel is placed.
          if (event.newState !== "open") return;
          onOpen?.();
          flushSync(() => {
            setIsOpen(true);
          });
        }}
        onToggle={(event) => {
          letGo();
          if (event.newState !== "open") setIsOpen(false);
          else if (opener.current) keep(event.currentTarget, opener.current, "start");
        }}
      >
        {isOpen && children}
      </div>
    </>
  );
}

interface CheckProps {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  type?: "checkbox" | "radio";
  name?: string;
}

export function Check({ label, isChecked, onChange, type = "checkbox", name }: CheckProps) {
  return (
    <label className="form-check">
      <input
        type={type}
        name={name}
        className="form-check-input"
        checked={isChecked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <span className="form-check-label text-break">{label}</span>
    </label>
  );
}
