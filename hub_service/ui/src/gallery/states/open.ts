/** The address that waits for a door and goes there. */
import { endedBy } from "../causes";
import { idOf, running, starting } from "../sessions";
import type { State } from "../state";

const ENDED = endedBy("idle");
const STUCK = running({
  access: { lab: { state: "failed", reason: "JupyterLab did not answer for 60 s." } },
});

export const open: State[] = [
  {
    name: "open-waiting",
    path: "open/sgputrain222/lab",
    sessions: [starting()],
    sees: "It opens by itself when it is ready.",
  },
  {
    name: "open-ended",
    path: `open/${ENDED.id}/lab`,
    sessions: [ENDED],
    sees: "Nobody used it",
  },
  { name: "open-stuck", path: `open/${STUCK.id}/lab`, sessions: [STUCK], sees: "did not answer" },
  {
    name: "open-port-missing",
    path: `open/${STUCK.id}/port/9000`,
    sessions: [running()],
    sees: "no port 9000",
  },
  { name: "open-missing", path: `open/${idOf(7)}/lab`, sees: "no such session" },
];
