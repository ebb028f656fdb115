/** The drawer beside the list, part by part. */
import { ENDS, endedBy } from "../causes";
import { at, LONG_DRIVE, LONG_NAME } from "../examples";
import { idOf, running, starting } from "../sessions";
import type { State } from "../state";

const COUNTED = [
  { kind: "notebook", at: at(-200), counts: true, busy: true, sentence: "" },
  { kind: "lab", at: at(-120), counts: true, sentence: "" },
  { kind: "code", at: null, counts: true, sentence: "" },
  { kind: "port", at: at(-10), counts: false, sentence: "reads only" },
];
const FULL = running({
  image: `registry.example.org/${"team/".repeat(8)}image:1.2`,
  extra_drives: [{ drive: LONG_DRIVE, path: `/data/${"deep/".repeat(20)}`, read_only: true }],
  secrets: [{ name: "s3", as: "env" }],
  service_account: "train",
  cloud_sql: [{ instance: "sales", port: 5432 }],
  ports: [{ number: 8080, protocol: "TCP", name: "api" }],
  origin: "clone",
  parent: idOf(2),
  server: "another-name",
  custom_yaml: true,
  idle: {
    state: "in-use",
    held_by: [{ kind: "notebook", sentence: "kernel of train.ipynb is busy." }],
    counted: COUNTED,
  },
});
const WARNED = running({
  idle: { state: "warning", ends_at: at(230), counted: COUNTED },
  expires_at: at(230),
});
const NEVER = running({ idle: { state: "never", counted: COUNTED }, idle_timeout: -1 });
const LIFETIME = running({
  idle: { state: "never", counted: COUNTED },
  idle_timeout: -1,
  max_lifetime: 43_200,
  lifetime_ends_at: at(32_000),
});

function details(name: string, session: State["sessions"] & object, part = "", sees = ""): State {
  const [first] = session;
  const path = `s/${first?.id ?? ""}${part}`;
  return { name, path, sessions: session, sees: sees || "Overview" };
}

export const detailsStates: State[] = [
  details("details-overview", [FULL], "", "8080"),
  details("details-warning", [WARNED], "", "because nobody uses it"),
  details("details-never", [NEVER], "", "Never stops by itself."),
  details("details-lifetime", [LIFETIME], "", "whatever happens"),
  details("details-starting", [starting()]),
  details("details-longest", [running({ name: LONG_NAME, drive: LONG_DRIVE })]),
  details("details-ended", [endedBy("crashed"), ...ENDS.slice(0, 2)], "", "Its last lines"),
  details("details-story", [running()], "/story", "Kept running until 16:00."),
  details("details-story-ended", [endedBy("out-of-memory")], "/story", "It needed more memory"),
  {
    ...details("details-story-empty", [running()], "/story", "Nothing is written down yet."),
    answers: { "GET sessions/{id}/chronicle": { items: [] } },
  },
  {
    ...details("details-rename", [running()], "?rename=1", "Save"),
  },
  {
    ...details("details-keep", [running()]),
    steps: [{ press: ["button", "Keep running until…"] }],
    sees: "1 h",
  },
  { name: "details-missing", path: `s/${idOf(7)}`, sees: "no such session" },
];
