/** Whether a media query holds, kept up to date. */
import { useSyncExternalStore } from "react";

export const NARROW = "(max-width: 767.98px)";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => {
        media.removeEventListener("change", listener);
      };
    },
    () => window.matchMedia(query).matches,
  );
}
