/** Put a popover under (or over) its button, inside the window. */
import { useCallback, useEffect, useRef } from "react";

const GAP = 4;

export function placeBelow(popover: HTMLElement, anchor: HTMLElement, side?: "start"): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const wanted = side === "start" ? box.left : box.right - width;
  const left = Math.min(Math.max(GAP, wanted), window.innerWidth - width - GAP);
  const fitsBelow = box.bottom + GAP + height <= window.innerHeight;
  const top = fitsBelow ? box.bottom + GAP : Math.max(GAP, box.top - height - GAP);
  popover.style.left = `${Math.max(GAP, left)}px`;
  popover.style.top = `${top}px`;
}

/** Keep it there while something scrolls or the window changes, until the result is called. */
export function keepBelow(popover: HTMLElement, anchor: HTMLElement, side?: "start"): () => void {
  const place = () => {
    placeBelow(popover, anchor, side);
  };
  const onScroll = (event: Event) => {
    if (!popover.contains(event.target as Node)) place();
  };
  place();
  window.addEventListener("scroll", onScroll, { capture: true, passive: true });
  window.addEventListener("resize", place);
  // What is in it may be loaded, or grow, after it was opened.
  const grown = new ResizeObserver(place);
  grown.observe(popover);
  return () => {
    grown.disconnect();
    window.removeEventListener("scroll", onScroll, { capture: true });
    window.removeEventListener("resize", place);
  };
}

/** `keep` a popover at its anchor until `letGo`, or until what it belongs to is gone. */
export function useKeptBelow() {
  const kept = useRef<(() => void) | null>(null);
  const letGo = useCallback(() => {
    kept.current?.();
    kept.current = null;
  }, []);
  useEffect(() => letGo, [letGo]);
  const keep = (popover: HTMLElement, anchor: HTMLElement, side?: "start") => {
    letGo();
    kept.current = keepBelow(popover, anchor, side);
  };
  return { keep, letGo };
}
