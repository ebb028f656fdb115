/** The drive manager, on its own screen and over the form. */
import { Refused, Silent } from "../answers";
import { at, DRIVES, LONG_DRIVE, makeDrive } from "../examples";
import type { State } from "../state";
import type { Step } from "../steps";

const DELETED = makeDrive({
  id: "dgone",
  name: "old-results",
  title: "old-results",
  is_default: false,
  deleted_at: at(-86_400),
  last_used_at: at(-200_000),
});
const TROUBLED = makeDrive({
  id: "dtrouble",
  name: "in-trouble",
  title: "in-trouble",
  is_default: false,
  grows_to: "20Gi",
  trouble: "The cluster has no storage class called ‘fast’.",
});
const ALL = [...DRIVES, TROUBLED];
const listed: State["answers"] = {
  "GET drives": ({ query }) => ({ items: query.has("deleted") ? [DELETED] : ALL }),
};
const menu = (drive: string, item: string): Step[] => [
  { press: ["button", `Actions for ${drive}`] },
  { press: ["menuitem", item] },
];

export const drives: State[] = [
  { name: "drives-list", path: "drives", answers: listed, sees: "old-results" },
  { name: "drives-one-meant", path: "drives/data", answers: listed, sees: "gpu-train" },
  { name: "drives-missing", path: "drives/nowhere", answers: listed, sees: "no drive called" },
  {
    name: "drives-empty",
    path: "drives",
    answers: { "GET drives": { items: [] } },
    sees: "Your default drive is made with your first session.",
  },
  {
    name: "drives-loading",
    path: "drives",
    answers: { "GET drives": new Silent("never") },
    sees: "Drives",
  },
  {
    name: "drives-error",
    path: "drives",
    answers: { "GET drives": new Refused(500, { id: "7f3a" }) },
    sees: "7f3a",
  },
  {
    name: "drives-menu",
    path: "drives",
    answers: listed,
    steps: [{ press: ["button", "Actions for data"] }],
    sees: "Delete…",
  },
  {
    name: "drives-new",
    path: "drives",
    answers: listed,
    steps: [
      { press: ["button", "New drive"] },
      { fill: ["textbox", "Name", "Not A Name"] },
      { press: ["button", "Create drive"] },
    ],
    sees: "Use lower case letters",
  },
  {
    name: "drives-grow",
    path: "drives",
    answers: listed,
    steps: [...menu("data", "Grow…"), { press: ["button", "Grow drive"] }],
    sees: "A drive only grows",
  },
  {
    name: "drives-rename",
    path: "drives",
    answers: listed,
    steps: menu(LONG_DRIVE, "Rename…"),
    sees: "Rename the drive",
  },
  {
    name: "drives-delete",
    path: "drives",
    answers: listed,
    steps: menu(LONG_DRIVE, "Delete…"),
    sees: "It can be restored for",
  },
  {
    name: "drives-delete-in-use",
    path: "drives",
    answers: listed,
    steps: menu("data", "Delete…"),
    sees: "In use by gpu-train",
  },
  {
    name: "drives-of-others",
    path: "drives?owner=ben",
    me: { admin: true, may: { see_others: true } },
    answers: listed,
    sees: "Drives of ben",
  },
  {
    name: "drives-over-the-form",
    path: "new",
    answers: listed,
    steps: [{ see: "Create session" }, { press: ["button", "Manage drives"] }],
    sees: "Choose",
  },
];
