/** All that can be wrong with the list. */
import { Refused, Silent } from "../answers";
import { running } from "../sessions";
import type { State } from "../state";

const ONE = [running()];

export const problems: State[] = [
  {
    name: "list-loading",
    answers: { "GET sessions": new Silent("never") },
    sees: "Sessions",
  },
  {
    name: "list-error",
    first: ONE,
    streams: { events: [["reset", {}]] },
    answers: { "GET sessions": new Refused(500, { id: "7f3a" }) },
    sees: "7f3a",
  },
  {
    name: "list-hub-away",
    first: ONE,
    streams: { events: [["reset", {}]] },
    answers: { "GET sessions": new Refused(503) },
    sees: "is restarting",
  },
  {
    name: "list-early",
    isEarly: true,
    answers: { "GET me": new Refused(503) },
    sees: "restarting",
  },
  { name: "list-never-loaded", answers: { "GET sessions": new Refused(500) }, sees: "could not" },
  {
    name: "list-no-answer",
    answers: { "GET sessions": new Silent("cut") },
    sees: "No answer",
  },
  {
    name: "list-signed-out",
    first: ONE,
    streams: { events: [["signed-out", {}]] },
    answers: { "GET sessions": new Refused(401) },
    sees: "You have been signed out",
  },
  {
    name: "list-refused",
    path: "?sort=colour",
    answers: { "GET sessions": new Refused(422, { message: "sort: Choose one of the list." }) },
    sees: "Choose one of the list",
  },
  { name: "list-offline", sessions: ONE, isOffline: true, sees: "You are offline" },
  { name: "list-stream-lost", sessions: ONE, streams: { events: "lost" }, sees: "Every 30 s" },
  {
    name: "list-paused",
    sessions: ONE,
    steps: [{ press: ["button", "Pause updates"] }],
    sees: "Paused at",
  },
  {
    name: "status-signed-out",
    path: "s/s7k2mq4pedra/status",
    answers: { "GET sessions/{id}": new Refused(401), "GET sessions": new Refused(401) },
    sees: "Sign in again",
  },
  { name: "list-no-page", path: "elsewhere", sees: "There is no such page." },
];
