/** The form's second tab, and all that can be chosen there. */
import type { BillingProject } from "../../api/types";
import { LONG_DRIVE, ENVIRONMENTS } from "../examples";
import { idOf, running } from "../sessions";
import type { State } from "../state";
import type { Step } from "../steps";

const ADVANCED: Step = { press: ["tab", "Advanced"] };
const READY: Step = { see: "Create session" };
const CREATE: Step = { press: ["button", "Create session"] };

const EVERYTHING = {
  name: "churn-model",
  environment: "pytorch",
  idle_timeout: 5400,
  max_lifetime: 43_200,
  drive: "data",
  image: "registry.example.org/team/image:1.2",
  resources: { cpu: "4", memory: "16Gi", gpu: null },
  extra_drives: [{ drive: LONG_DRIVE, path: "data", read_only: true }],
  secrets: [{ name: "s3", as: "files" as const }],
  service_account: "train",
  cloud_sql: [{ instance: "sales", port: null }],
  billing_project: "ml-q4",
  ports: [
    { number: 8080, protocol: "TCP" as const, name: "api" },
    { number: 9000, protocol: "TCP" as const, name: null },
  ],
  env: { MODE: "training", A_VARIABLE_WITH_A_LONG_NAME: "x".repeat(60) },
};

export const PROJECTS: BillingProject[] = [
  project("ml-q4", "312", "500", "ok"),
  project("old", "0", "500", "over"),
];

function project(
  name: string,
  left: string,
  budget: string,
  state: BillingProject["state"],
): BillingProject {
  return {
    id: name,
    name,
    description: `The budget of ${name}`,
    budget,
    spent: null,
    left,
    period_ends: "2026-12-01T00:00:00Z",
    state,
    on_over: "stop",
  };
}

function cloned(name: string, steps: readonly Step[], sees: string): State {
  return {
    name,
    path: `new?clone=${idOf(0)}`,
    sessions: [running({ id: idOf(0) })],
    me: { currency: "EUR" },
    answers: {
      "GET sessions/{id}/clone": { request: EVERYTHING, changes: [] },
      "GET billing-projects": { items: PROJECTS },
    },
    steps,
    sees,
  };
}

export const advanced: State[] = [
  {
    name: "advanced-empty",
    path: "new",
    answers: { "GET billing-projects": { items: PROJECTS } },
    steps: [READY, ADVANCED],
    sees: "Add a variable",
  },
  {
    name: "advanced-nothing-offered",
    path: "new",
    me: {
      unsupported: { cloud_sql: "This hub has no Cloud SQL.", env: "Variables are off here." },
    },
    answers: {
      "GET secrets": { items: [] },
      "GET service-accounts": { items: [] },
      "GET billing-projects": { items: [] },
    },
    steps: [READY, ADVANCED],
    sees: "No secrets are shared with you.",
  },
  cloned("advanced-everything-general", [READY], "registry.example.org"),
  cloned("advanced-everything", [READY, ADVANCED], "Add a variable"),
  {
    name: "advanced-wrong",
    path: "new",
    steps: [
      READY,
      ADVANCED,
      { press: ["button", "Add a port"] },
      { fill: ["textbox", "Number of port 1", "70000"] },
      { press: ["button", "Add a variable"] },
      { fill: ["textbox", "Name of variable 1", "1x"] },
      { press: ["button", "Add a drive"] },
      CREATE,
    ],
    sees: "Type a port from 1 to 65535",
  },
  {
    name: "create-environment-details",
    path: "new",
    steps: [READY, { press: ["summary", "Details"] }],
    sees: "Details",
  },
  {
    name: "create-many-environments",
    path: "new",
    answers: {
      "GET environments": {
        items: [
          ...Array.from({ length: 9 }, (_, n) => ({
            ...(ENVIRONMENTS[n % 2] ?? ENVIRONMENTS[0]),
            name: `environment-${n}`,
            title: `Environment ${n}`,
            is_default: n === 0,
          })),
          { ...ENVIRONMENTS[0], name: "closed", allowed: "Only the team ‘vision’ may use it." },
        ] as typeof ENVIRONMENTS,
      },
    },
    sees: "Only the team ‘vision’ may use it.",
  },
  {
    name: "create-new-drive",
    path: "new",
    steps: [READY, { fill: ["combobox", "Drive", "fresh"] }],
    sees: "Create drive ‘fresh’",
  },
  {
    name: "create-the-call",
    path: "new",
    steps: [READY, { press: ["button", "Show the call…"] }],
    sees: "JUPYTERHUB_API_TOKEN",
  },
];
