/** A sentence shown on hover and on focus, closed by Esc, and always there for screen readers. */
import { useId, useRef, type ReactNode } from "react";

import { placeBelow } from "./place";

interface TipProps {
  /** Without one nothing is shown; what it is about stays the same element. */
  text: string | null;
  children: (describedBy: string | undefined) => ReactNode;
}

export function Tip({ text, children }: TipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  const isShown = () => tip.current?.matches(":popover-open") === true;
  const show = () => {
    if (!tip.current || !anchor.current || isShown()) return;
    tip.current.showPopover();
    placeBelow(tip.current, anchor.current, "start");
  };
  const hide = () => {
    if (isShown()) tip.current?.hidePopover();
  };
  return (
    <span
      ref={anchor}
      className="d-inline-flex"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isShown()) return;
        event.stopPropagation();
        hide();
      }}
    >
      {children(text === null ? undefined : id)}
      {text !== null && (
        <span ref={tip} id={id} role="tooltip" popover="manual" className="tip">
          {text}
        </span>
      )}
    </span>
  );
}
