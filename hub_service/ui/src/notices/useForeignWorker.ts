/** Tells that another program stood between the page and the hub. */
import { useEffect } from "react";

import { takenOffWorker } from "../boot/worker";
import { texts } from "../texts";
import { useNotices } from "../ui/Notices";
import { visible } from "../ui/visible";

export function useForeignWorker(): void {
  const { say } = useNotices();
  useEffect(() => {
    const script = takenOffWorker();
    if (script) say(texts.foreignWorker(visible(script)), { tone: "error", isNews: true });
  }, [say]);
}
