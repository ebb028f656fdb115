/** Focus goes back to the opener, or to the row's name if the opener is gone. */
import { useEffect } from "react";

export function useReturnFocus(sessionId?: string): void {
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    return () => {
      // After React has taken the layer out of the page.
      requestAnimationFrame(() => {
        if (document.querySelector("dialog[open]")) return;
        if (opener?.isConnected && opener !== document.body) opener.focus();
        else if (sessionId) document.getElementById(rowNameId(sessionId))?.focus();
      });
    };
  }, [sessionId]);
}

/** The id of the name in a session's row. */
export function rowNameId(sessionId: string): string {
  return `name-${sessionId}`;
}
