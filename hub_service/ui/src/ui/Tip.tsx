/** A sentence shown on hover and on focus, closed by Esc, and always there for screen readers. */
import { useId, useRef, type ReactNode } from "react";

import { placeBelow } from "./place";

interface TipProps {
  text: string;
  children: (describedBy: string) => ReactNode;
}

export function Tip({ text, children }: TipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  const show = () => {
    if (!tip.current || !anchor.current || tip.current.matches(":popover-open")) return;
    tip.current.showPopover();
    placeBelow(tip.current, anchor.current, "start");
  };
  const hide = () => tip.current?.matches(":popover-open") && tip.current.hidePopover();
  return (
    <span
      ref={anchor}
      className="d-inline-flex"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => {
        if (event.key === "Escape" && hide() !== false) event.stopPropagation();
      }}
    >
      {children(id)}
      <span ref={tip} id={id} role="tooltip" popover="manual" className="tip">
        {text}
      </span>
    </span>
  );
}
