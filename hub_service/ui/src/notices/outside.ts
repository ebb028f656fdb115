/** What reaches somebody who looks at another tab: the title, and the browser's notifications. */
import { useEffect } from "react";

import { texts } from "../texts";
import { preferences } from "../ui/preferences";

/** Plain-HTTP hubs have no notifications. */
export function canTellOutside(): boolean {
  return window.isSecureContext && "Notification" in window;
}

/** While a session stops soon, the title of the hidden tab says so. */
export function useHiddenTitle(): void {
  useEffect(() => {
    const mark = texts.stopBar.hiddenTitle("");
    const show = () => {
      const plain = document.title.startsWith(mark)
        ? document.title.slice(mark.length)
        : document.title;
      document.title = document.hidden ? texts.stopBar.hiddenTitle(plain) : plain;
    };
    const clear = () => {
      if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      clear();
    };
  }, []);
}

/** Tell a hidden tab's visitor by the browser, if that was asked for. */
export function tellOutside(text: string): void {
  if (!text || !document.hidden || !preferences().tellOutside || !canTellOutside()) return;
  if (Notification.permission !== "granted") return;
  try {
    const notification = new Notification(texts.title, { body: text, tag: text });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Some phones allow it only to workers; the title tells all the same.
  }
}

export function useOutside(text: string): void {
  useEffect(() => {
    tellOutside(text);
  }, [text]);
}
