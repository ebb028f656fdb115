/** YAML of one's own in the form, and the pod of a session in the drawer. */
import { running } from "../sessions";
import type { State } from "../state";

const ON = { features: { cluster: { on: true }, pod_spec: { on: true } } };

export const yaml: State[] = [
  {
    name: "yaml-of-a-session",
    path: "s/s7k2mq4pedra/yaml",
    me: ON,
    sessions: [running()],
    sees: "containers",
  },
  {
    name: "yaml-editor",
    path: "new",
    me: ON,
    steps: [
      { see: "Create session" },
      { press: ["tab", "Advanced"] },
      { press: ["button", "Customise YAML"] },
    ],
    sees: "Customise YAML",
  },
];
