/** One ticking clock for the whole page: a component renders again only when its words change. */
import { useSyncExternalStore } from "react";

import { serverNow } from "../boot/boot";

const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    if (!document.hidden) for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** Return `words(now)` and keep it up to date. */
export function useWords(words: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => words(serverNow()));
}
