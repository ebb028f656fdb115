/** A modal on the native `<dialog>`, labelled by its heading; Esc and × close it. */
import { useEffect, useId, useRef, type ReactNode } from "react";

import { texts } from "../texts";
import { useReturnFocus } from "./focus";
import { Icon } from "./Icon";
import { pushLayer } from "./layers";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  size?: "question" | "wide";
  /** Where focus returns when the opener is gone. */
  sessionId?: string | undefined;
}

export function Dialog({ title, onClose, children, footer, size, sessionId }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  useReturnFocus(sessionId);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    const leave = pushLayer(element);
    const first = element.querySelector<HTMLElement>("[data-first-focus]");
    (first ?? heading.current)?.focus();
    return () => {
      leave();
      element.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${size ? `dialog-${size}` : ""}`}
      aria-labelledby={headingId}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        // A dialog over this one has taken it.
        if (event.defaultPrevented) return;
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        dialog.current?.querySelector<HTMLButtonElement>("[data-confirm]")?.click();
      }}
    >
      <header className="dialog-head">
        <h2 id={headingId} ref={heading} tabIndex={-1} className="h5 mb-0 text-break">
          {title}
        </h2>
        <button type="button" className="btn btn-icon" onClick={onClose}>
          <Icon name="close" />
          <span className="visually-hidden">{texts.close}</span>
        </button>
      </header>
      <div className="dialog-body">{children}</div>
      {footer && <footer className="dialog-foot">{footer}</footer>}
    </dialog>
  );
}
