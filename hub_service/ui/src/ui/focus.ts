/** Focus goes back to the opener, or to the row's name if the opener is gone, else to the list. */
import { useEffect } from "react";

export function useReturnFocus(sessionId?: string): void {
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    return () => {
      // After React has taken the layer out of the page.
      requestAnimationFrame(() => {
        // Somebody went on elsewhere, such as into the drawer of another session.
        if (document.activeElement && document.activeElement !== document.body) return;
        // What is outside of an open dialog cannot have the focus.
        const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
        const isOpenerThere = opener?.isConnected && opener !== document.body;
        if (isOpenerThere && (dialog?.contains(opener) ?? true)) opener.focus();
        else if (dialog) dialog.querySelector<HTMLElement>("h2")?.focus();
        else (rowName(sessionId) ?? document.getElementById("sessions"))?.focus(STAY);
      });
    };
  }, [sessionId]);
}

const STAY = { preventScroll: true };

function rowName(sessionId?: string): HTMLElement | null {
  return sessionId === undefined ? null : document.getElementById(rowNameId(sessionId));
}

/** The id of the name in a session's row. */
export function rowNameId(sessionId: string): string {
  return `name-${sessionId}`;
}
