/** What the page tells while it is looked at. */
import { Refused } from "../answers";
import { idOf, running, starting } from "../sessions";
import type { State } from "../state";

const told = (session: string, sentence: string) => ({
  kind: "story",
  session,
  sentence,
  action: { label: "Story", action: "story" },
});

export const notices: State[] = [
  {
    name: "notices-told",
    sessions: [running(), starting()],
    streams: {
      events: [
        ["notice", told(idOf(1), "A session of yours ended by itself: out of memory.")],
        ["notice", told(idOf(2), `‘${"long-".repeat(7)}name’ was stopped by kim (administrator).`)],
      ],
    },
    sees: "ended by itself",
  },
  {
    name: "notices-error",
    sessions: [starting()],
    answers: { "POST sessions/{id}/stop": new Refused(500, { id: "7f3a" }) },
    steps: [
      { press: ["button", "Actions for gpu-train"] },
      { press: ["menuitem", "Cancel start"] },
    ],
    sees: "7f3a",
  },
];
