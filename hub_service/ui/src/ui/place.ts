/** Put a popover under (or over) its button, inside the window. */
import { useCallback, useEffect, useRef } from "react";

const GAP = 4;

const LEAST = 120; // of a height, in pixels: with less room it may cover its button

export function placeBelow(popover: HTMLElement, anchor: HTMLElement, side?: "start"): void {
  const box = anchor.getBoundingClientRect();
  popover.style.maxHeight = "";
  const { offsetWidth: width, offsetHeight: wantedHeight } = popover;
  const wanted = side === "start" ? box.left : box.right - width;
  const left = Math.min(Math.max(GAP, wanted), window.innerWidth - width - GAP);
  const under = window.innerHeight - box.bottom - 2 * GAP;
  const over = box.top - 2 * GAP;
  const isUnder = wantedHeight <= under || (wantedHeight > over && under >= over);
  const room = Math.max(isUnder ? under : over, LEAST);
  const height = Math.min(wantedHeight, room);
  if (height < wantedHeight) popover.style.maxHeight = `${height}px`;
  const top = isUnder ? box.bottom + GAP : box.top - height - GAP;
  const lowest = window.innerHeight - height - GAP;
  popover.style.left = `${Math.max(GAP, left)}px`;
  popover.style.top = `${Math.max(GAP, Math.min(top, lowest))}px`;
}

/** Keep it there while something scrolls, or it or the window changes, until the result is called. */
export function keepBelow(popover: HTMLElement, anchor: HTMLElement, side?: "start"): () => void {
  const place = () => {
    placeBelow(popover, anchor, side);
  };
  const onScroll = (event: Event) => {
    if (!popover.contains(event.target as Node)) place();
  };
  place();
  // What it holds may come later, from a file of its own.
  const resized = new ResizeObserver(place);
  resized.observe(popover);
  window.addEventListener("scroll", onScroll, { capture: true, passive: true });
  window.addEventListener("resize", place);
  return () => {
    resized.disconnect();
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
