/** Where the focus goes when what has it goes away: to what is near, never to the page's top. */
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** Back to the opener, or to the row's name if the opener is gone, else to the list. */
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

/** When `part` goes away with the focus in it: to what is `near` then, else to the list. */
export function useFocusNear(part: RefObject<HTMLElement | null>, near: () => Element | null) {
  const latest = useRef(near);
  useLayoutEffect(() => {
    latest.current = near;
  });
  useLayoutEffect(() => {
    const element = part.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const target = latest.current() ?? document.getElementById("sessions");
        if (target instanceof HTMLElement) target.focus(STAY);
      });
    };
  }, [part]);
}

const STAY = { preventScroll: true };

export function rowName(sessionId?: string): HTMLElement | null {
  return sessionId === undefined ? null : document.getElementById(rowNameId(sessionId));
}

/** The id of the name in a session's row. */
export function rowNameId(sessionId: string): string {
  return `name-${sessionId}`;
}
