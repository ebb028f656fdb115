/** The History tab. */
import { ENDS } from "../causes";
import { LONG_DRIVE, LONG_TITLE, LONGEST } from "../examples";
import { ended, idOf } from "../sessions";
import type { State } from "../state";

const every = Object.fromEntries(
  ["image", "email", "duration", "origin"].map((name) => [name, true]),
);

export const history: State[] = [
  { name: "history-empty", path: "history", sees: "Nothing here yet." },
  { name: "history-causes", path: "history", sessions: ENDS, sees: "out of memory" },
  {
    name: "history-longest",
    path: "history",
    sessions: [0, 1].map((n) =>
      ended({
        id: idOf(n),
        name: LONGEST[n] ?? "",
        drive: LONG_DRIVE,
        environment_title: LONG_TITLE,
      }),
    ),
    preferences: { columns: { history: { ...every, status: true } } },
    sees: "idle for 30 min",
  },
  {
    name: "history-actions-menu",
    path: "history",
    sessions: ENDS,
    steps: [{ press: ["button", "Actions for ended-user"] }],
    sees: "Copy link",
  },
];
