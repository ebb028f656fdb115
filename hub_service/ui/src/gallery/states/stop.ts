/** The questions before something is stopped. */
import { LONG_NAME } from "../examples";
import { idOf, running, starting } from "../sessions";
import type { State } from "../state";

const busy = [
  { kind: "notebook", sentence: "The kernel of train.ipynb is busy." },
  {
    kind: "notebook",
    sentence: "The kernel of a-notebook-with-a-very-long-name-indeed.ipynb is busy.",
  },
];
const BUSY = running({ idle: { state: "in-use", held_by: busy } });
const MANY = [
  BUSY,
  running({ id: idOf(1), name: LONG_NAME }),
  running({ id: idOf(2), name: "stopping-now", state: "stopping", status: "cancelling" }),
  starting(),
];

export const stop: State[] = [
  {
    name: "stop-busy",
    sessions: [BUSY],
    steps: [
      { press: ["button", "Actions for churn-model"] },
      { press: ["menuitem", "Stop session…"] },
    ],
    sees: "Keep running",
  },
  {
    name: "stop-several",
    sessions: MANY,
    steps: [
      ...["churn-model", LONG_NAME, "stopping-now", "gpu-train"].map((name) => ({
        press: ["checkbox", `Select ${name}`] as ["checkbox", string],
      })),
      { press: ["button", "Stop 3 sessions"] },
    ],
    sees: "Stop 3 sessions?",
  },
];
