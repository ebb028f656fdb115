/** The form of a new session. */
import { PREVIEW } from "../examples";
import { running, idOf } from "../sessions";
import { Refused, Silent } from "../answers";
import type { State } from "../state";
import type { Step } from "../steps";

const ready: Step = { see: "Create session" };
const CREATE: Step = { press: ["button", "Create session"] };

export const create: State[] = [
  { name: "create-defaults", path: "new", sees: "Python 3.12 · 2 CPU" },
  { name: "create-over-a-list", path: "new", sessions: [running()], sees: "Python 3.12 · 2 CPU" },
  {
    name: "create-link",
    path: "new?environment=pytorch&idle_timeout=3600&drive=data&colour=blue",
    sees: "colour",
  },
  {
    name: "create-clone",
    path: `new?clone=${idOf(0)}`,
    sessions: [running({ id: idOf(0) })],
    answers: {
      "GET sessions/{id}/clone": {
        request: { environment: "python", idle_timeout: 1800, drive: "data", name: "churn-model" },
        changes: [
          {
            field: "environment",
            was: "python311",
            now: "python",
            reason: "Environment ‘Python 3.11’ is retired: Python 3.12 is chosen.",
          },
          {
            field: "secrets",
            was: "s3",
            now: null,
            reason: "Secret ‘s3’ is no longer shared with you: left out.",
          },
        ],
      },
    },
    sees: "no longer shared with you",
  },
  {
    name: "create-errors",
    path: "new",
    steps: [
      ready,
      { fill: ["textbox", "Name (optional)", "n".repeat(41)] },
      { press: ["radio", "Other"] },
      CREATE,
    ],
    sees: "Use at most 40 characters.",
  },
  {
    name: "create-checks",
    path: "new",
    answers: {
      "POST preview": {
        ...PREVIEW,
        checks: [
          {
            field: "drive",
            level: "warning",
            code: "in-use",
            message: "‘data’ is in use by gpu-train on another machine.",
            fixes: [
              { label: "Attach it read-only", changes: {} },
              { label: "Choose another drive", changes: { drive: "default" } },
            ],
          },
          { field: null, level: "note", code: "room", message: "It starts in about 20 s." },
        ],
      },
    },
    sees: "in use by gpu-train on another machine",
  },
  {
    name: "create-advanced",
    path: "new?port=8080&max_lifetime=43200",
    steps: [ready, { press: ["tab", "Advanced"] }],
    sees: "Longest life",
  },
  {
    name: "create-call",
    path: "new",
    steps: [ready, { press: ["button", "Show the call…"] }],
    sees: "starts a session each time",
  },
  {
    name: "create-unchecked",
    path: "new",
    answers: { "POST preview": new Silent("never") },
    sees: "Python 3.12 · 2 CPU",
  },
  {
    name: "create-limit",
    path: "new",
    sessions: [0, 1, 2, 3].map((n) => running({ id: idOf(n), name: `running-${n}` })),
    answers: {
      "POST sessions": new Refused(409, {
        code: "limit",
        message: "You have 10 of 10 sessions running.",
        nothing_happened: true,
      }),
    },
    steps: [ready, CREATE],
    sees: "10 of 10 sessions running",
  },
  {
    name: "create-failed",
    path: "new",
    answers: { "POST sessions": new Refused(500, { id: "7f3a", nothing_happened: true }) },
    steps: [ready, CREATE],
    sees: "Nothing was started.",
  },
  {
    name: "create-too-many",
    path: "new",
    answers: { "POST sessions": new Refused(429, { message: "Many start." }, 20) },
    steps: [ready, CREATE],
    sees: "20 s",
  },
  {
    name: "create-creating",
    path: "new",
    answers: { "POST sessions": new Silent("never") },
    steps: [ready, CREATE],
    sees: "Creating…",
  },
  {
    name: "create-drives",
    path: "new",
    steps: [ready, { press: ["combobox", "Drive"] }, { key: "ArrowDown" }],
    sees: "data",
  },
];
