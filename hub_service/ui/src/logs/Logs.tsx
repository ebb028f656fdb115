/** The Logs tab, loaded when it is asked for or the browser is idle. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { lazily } from "../ui/lazily";

export const Logs = lazily<{ session: Session }>(
  () => import("./LogsTab"),
  function LogsAway() {
    return <p>{texts.logs.away}</p>;
  },
);
