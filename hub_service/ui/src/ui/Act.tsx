/**
 * A button that does something at the service. While it cannot be used it keeps its focus and says
 * why: it is busy, the browser is offline, or the service gives a reason.
 */
import type { ReactNode } from "react";

import { texts } from "../texts";
import { useIsOnline } from "./online";
import { Tip } from "./Tip";

interface ActProps {
  children: ReactNode;
  className: string;
  /** Its name, where it shows only a sign. */
  label?: string;
  isBusy?: boolean;
  /** Why it cannot be done, in a sentence; null when it can. */
  reason?: string | null;
  type?: "button" | "submit";
  onClick?: () => void;
}

export function Act({ children, className, isBusy = false, type = "button", ...rest }: ActProps) {
  const { reason = null, label, onClick } = rest;
  const why = useIsOnline() ? reason : texts.errors.offlineAction;
  const isOff = isBusy || why !== null;
  return (
    <Tip text={why}>
      {(tip) => (
        <button
          type={type}
          className={`btn ${className} ${isOff ? "disabled" : ""}`}
          aria-label={label}
          aria-busy={isBusy}
          aria-disabled={isOff}
          aria-describedby={tip}
          onClick={(event) => {
            if (isOff) event.preventDefault();
            else onClick?.();
          }}
        >
          {children}
        </button>
      )}
    </Tip>
  );
}

/** Why an action is not open to the visitor, as the service says it; null when it is. */
export function reasonOf(allowed: true | string | undefined): string | null {
  return typeof allowed === "string" ? allowed : null;
}
