/** Esc anywhere on the page, unless something nearer takes it: a menu, a dialog, a field. */
import { useEffect } from "react";

const NEARER = "dialog[open], :popover-open:not([role=tooltip])";

export function useEscape(leave: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (!isEmptied(event.target) && !document.querySelector(NEARER)) leave();
    };
    document.addEventListener("keydown", listen);
    return () => {
      document.removeEventListener("keydown", listen);
    };
  }, [leave]);
}

/** Browsers empty a search field on Esc. */
function isEmptied(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "search" && target.value !== "";
}
