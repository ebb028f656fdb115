/** What the page tells while it is looked at. */
import { Refused } from "../answers";
import { at } from "../examples";
import { idOf, running, starting } from "../sessions";
import type { State } from "../state";

const told = (session: string, sentence: string) => ({
  kind: "story",
  session,
  sentence,
  action: { label: "Story", action: "story" },
});

const SOON = { state: "warning" as const, ends_at: at(230), last: { kind: "lab", at: at(-670) } };

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
  {
    name: "notices-panel-empty",
    steps: [{ press: ["button", "Notices"] }],
    sees: "Nothing yet. What happens to your sessions",
  },
  {
    name: "notices-panel",
    sessions: [running()],
    streams: {
      events: [["notice", told(idOf(1), "A session of yours ended by itself: out of memory.")]],
    },
    steps: [{ see: "ended by itself" }, { press: ["button", "Notices"] }],
    sees: "Tell me before a session stops",
  },
  {
    name: "notices-stops-soon",
    sessions: [running({ idle: SOON, expires_at: at(230) })],
    sees: "stops in 4 min because nobody uses it",
  },
  {
    name: "notices-several-stop-soon",
    sessions: [0, 1, 2].map((n) =>
      running({ id: idOf(n), name: `unused-${n}`, idle: SOON, expires_at: at(230) }),
    ),
    sees: "3 sessions stop within",
  },
];
