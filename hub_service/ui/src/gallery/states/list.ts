/** The Active tab: rows, filters and menus. */
import { at, LONG_DRIVE, LONG_TITLE, LONGEST } from "../examples";
import { idOf, running, starting, ended } from "../sessions";
import type { State } from "../state";

const ONE = [running()];
const clocks = [
  { state: "counting", ends_at: at(700), last: { kind: "lab", at: at(-200) } },
  { state: "warning", ends_at: at(400), last: { kind: "notebook", at: at(-1570) } },
  { state: "never" },
  { state: "unknown", since: at(-730) },
] as const;
const broken = { state: "failed", reason: "JupyterLab did not answer for 60 s." } as const;
const off = { state: "off", reason: "VS Code is not installed on this hub." } as const;
const gone = { state: "off", reason: "The session is not running." } as const;

const EVERY_STATUS = [
  starting(),
  starting({
    id: idOf(1),
    name: "waits-for-room",
    progress: {
      percent: 20,
      stage: "waiting",
      message: "Waiting for the server",
      usual_seconds: 9,
      trouble: "No machine has room for 8 CPU, 64 GiB and 1 GPU so far.",
    },
  }),
  running({ extra_drives: [{ drive: "data", path: "/data", read_only: true }] }),
  ...clocks.map((idle, n) =>
    running({
      id: idOf(10 + n),
      name: `clock-${idle.state}`,
      idle: { ...idle },
      expires_at: "ends_at" in idle ? idle.ends_at : null,
    }),
  ),
  running({ id: idOf(2), name: "doors", access: { lab: broken, code: off, shell: gone } }),
  running({
    id: idOf(3),
    name: "stopping-now",
    state: "stopping",
    status: "cancelling",
    urls: null,
  }),
  running({ id: idOf(4), name: "failing-now", state: "stopping", status: "failing", urls: null }),
  running({ id: idOf(5), name: "of-ben", owner: "ben", email: "ben@example.org" }),
];

const TWENTY_LONGEST = Array.from({ length: 20 }, (_, n) =>
  running({
    id: idOf(n),
    name: LONGEST[n % LONGEST.length] ?? "",
    drive: LONG_DRIVE,
    environment: "long",
    environment_title: LONG_TITLE,
    environment_retired: n % 3 === 0,
    email: `${"x".repeat(50)}@example.org`,
    image: `registry.example.org/${"team/".repeat(8)}image:1.2`,
    created_at: at(-600 * n),
    started_at: at(-600 * n),
    idle: { state: "counting", ends_at: at(700 + 60 * n) },
    expires_at: at(700 + 60 * n),
  }),
);
const every = Object.fromEntries(
  ["image", "email", "duration", "origin"].map((column) => [column, true]),
);

export const list: State[] = [
  { name: "list-empty", sees: "No session is running." },
  { name: "list-one", sessions: ONE, sees: "churn-model" },
  { name: "list-statuses", sessions: EVERY_STATUS, sees: "failing-now" },
  {
    name: "list-longest",
    sessions: [...TWENTY_LONGEST, ...TWENTY_LONGEST.slice(0, 5)],
    preferences: { columns: { active: every } },
    sees: "1–20 of 25",
  },
  {
    name: "list-own-start",
    sessions: [starting(), ...ONE],
    answers: { "POST sessions": starting() },
    steps: [
      { press: ["button", "More ways to start"] },
      { press: ["menuitem", "Start with the defaults"] },
    ],
    sees: "What is happening?",
  },
  {
    name: "list-just-ended",
    sessions: [running({ id: idOf(6), name: "goes-on" }), running()],
    streams: { events: [["session", ended({ revision: 2 })]] },
    sees: "Moved to History",
  },
  {
    name: "list-no-match",
    path: "?q=nothing&environment=python",
    answers: {
      "GET sessions": ({ query }) => ({
        items: [],
        total: query.get("tab") === "history" ? 3 : 0,
        total_is_capped: false,
        next: null,
        prev: null,
      }),
    },
    sees: "3 in History",
  },
  {
    name: "list-filters-chosen",
    path: "?q=churn&environment=python&environment=gone&drive=data&state=in+progress&owner=*",
    sessions: ONE,
    sees: "No environment called ‘gone’",
  },
  {
    name: "list-second-page",
    path: "?cursor=abc&page=2",
    answers: {
      "GET sessions": {
        items: [running({ name: "on-page-two" })],
        total: 1000,
        total_is_capped: true,
        next: "further",
        prev: "back",
      },
    },
    sees: "1,000+",
  },
  {
    name: "list-actions-menu",
    sessions: EVERY_STATUS,
    steps: [{ press: ["button", "Actions for churn-model"] }],
    sees: "Stop session…",
  },
  {
    name: "list-start-menu",
    sessions: ONE,
    steps: [{ press: ["button", "More ways to start"] }],
    sees: "Start with",
  },
  {
    name: "list-selected",
    sessions: EVERY_STATUS,
    steps: [
      { press: ["checkbox", "Select churn-model"] },
      { press: ["checkbox", "Select stopping-now"] },
    ],
    sees: "2 selected",
  },
  {
    name: "list-help",
    sessions: ONE,
    steps: [{ press: ["button", "Help"] }],
    sees: "Keyboard",
  },
  {
    name: "list-status-filter",
    sessions: ONE,
    steps: [{ press: ["button", "Status filter"] }],
    sees: "in progress",
  },
  {
    name: "list-owner-filter",
    sessions: ONE,
    me: { admin: true, may: { see_others: true } },
    steps: [{ press: ["button", "Owner filter"] }],
    sees: "You",
  },
  {
    name: "list-columns",
    sessions: ONE,
    steps: [{ press: ["button", "Columns"] }],
    sees: "Custom image URL",
  },
  {
    name: "list-of-others",
    path: "?owner=*",
    sessions: [
      running({
        id: idOf(5),
        name: "of-ben",
        owner: "ben",
        email: "ben@example.org",
        billing_project: "ml-q4",
        ports: [{ number: 8080, protocol: "TCP", name: "api" }],
        allowed: { clone: true, open: "It is not shared with you.", stop: "It is ben’s." },
      }),
    ],
    preferences: {
      columns: { active: { ...every, billing_project: true, service_account: true, ports: true } },
    },
    steps: [{ press: ["button", "Actions for of-ben"] }],
    sees: "Copy link",
  },
];
