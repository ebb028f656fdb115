/** Whether somebody may look at the page: false once its browser tab has been hidden for a minute. */
import { useEffect, useState } from "react";

const HIDDEN_FOR = 60_000;

export function useIsSeen(): boolean {
  const [isSeen, setIsSeen] = useState(true);
  useEffect(() => watchSeen(setIsSeen), []);
  return isSeen;
}

/** Tell of each change; returns what ends it. A page may be hidden from its beginning. */
export function watchSeen(tell: (isSeen: boolean) => void): () => void {
  let timer: number | undefined;
  const look = () => {
    window.clearTimeout(timer);
    if (!document.hidden) tell(true);
    else {
      timer = window.setTimeout(() => {
        tell(false);
      }, HIDDEN_FOR);
    }
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
