import { expect, test } from "vitest";

import type { Clone, LaunchRequest } from "../api/types";
import { makeEnvironment } from "../testing/sessions";
import { beginAt, defaultPoint, type Choosable } from "./beginning";
import { emptyValues, OTHER, UNLISTED, type FormValues } from "./values";

const size = {
  name: "size",
  title: "Size",
  values: { small: "small", big: "Big one" },
  default: "small",
  unlisted: ".*",
};
const offered: Choosable = {
  environments: [makeEnvironment({ choices: [size] })],
  drives: [],
  unsupported: {},
  idleReason: () => null,
  idleDefault: 900,
  presets: [900, 3600],
};
const last: LaunchRequest = { environment: "python", idle_timeout: 3600, drive: "default" };
const nothing = { draft: null, last: null };

function drafted(change: Partial<FormValues>) {
  const values = { ...emptyValues("python", 900), choices: { size: "small" }, ...change };
  return beginAt("", offered, { draft: { values, source: "" }, last });
}

test("a draft comes back as it was typed, half a number too", () => {
  const typed = {
    idle: OTHER,
    minutes: "",
    choices: { size: UNLISTED },
    unlisted: { size: "a bit" },
    ports: [{ number: "80 ", protocol: "TCP" as const, name: "" }],
  };
  const { values, notes, isDraft } = drafted(typed);
  expect(values).toMatchObject(typed);
  expect(notes).toEqual(["This is what you typed before."]);
  expect(isDraft).toBe(true);
  expect(drafted({ idle: OTHER, minutes: "ten" }).values).toMatchObject({ minutes: "ten" });
});

test("of a draft only what is gone is changed, and said", () => {
  const { values, notes } = drafted({ drive: "lost", name: "mine", choices: { size: "huge" } });
  expect(values).toMatchObject({ drive: "default", name: "mine", choices: { size: "small" } });
  expect(notes).toContain("Drive ‘lost’ is gone: your default is chosen.");
});

test("last choices fill a new session, and neither a link nor a clone", () => {
  expect(beginAt("", offered, { draft: null, last }).values.idle).toBe("3600");
  expect(beginAt("?name=x", offered, { draft: null, last }).values.idle).toBe("900");
  const clone = { request: { ...last, cloned_from: "s1" }, changes: [] } as unknown as Clone;
  expect(beginAt("?clone=s1", offered, { ...nothing, clone }).clonedFrom).toBe("s1");
});

test.each(["", "?drive=data&name=x&odd=1", "?clone=s1", "?spec=1"])(
  "the defaults are the same wherever one came from: %s",
  (source) => {
    const { values, ...point } = defaultPoint(source, offered);
    expect(values).toEqual({ ...emptyValues("python", 900), choices: { size: "small" } });
    expect(point).toMatchObject({ notes: [], changes: [], clonedFrom: null, isDraft: false });
    expect(point.isOwnSpec).toBe(source === "?spec=1");
  },
);

test("a pod of one's own begins without choices that its form does not show", () => {
  const hidden = { image: "base:1", secrets: [{ name: "warehouse" }], resources: { cpu: "2" } };
  const before = {
    draft: null,
    last: { ...last, ...hidden, environment: "gone" } as LaunchRequest,
  };
  const { values, notes, isOwnSpec } = beginAt("?spec=1&image=other:1&name=x", offered, before);
  expect(values).toEqual({ ...defaultPoint("", offered).values, name: "x" });
  expect(notes).toContain("‘image’ from the link is not on this form: left out.");
  expect(isOwnSpec).toBe(true);
  expect(beginAt("?spec=1", offered, before).values).toMatchObject({ idle: "3600", image: "" });
});

test("the clone of a pod of one's own shows the pod", () => {
  const clone = { request: { ...last, pod_spec: "kind: Pod" }, changes: [] } as unknown as Clone;
  const { values, isOwnSpec } = beginAt("?clone=s1", offered, { ...nothing, clone });
  expect([values.pod_spec, isOwnSpec]).toEqual(["kind: Pod", true]);
});

test("a draft without its YAML says so", () => {
  const draft = { values: emptyValues("python", 900), source: "", isYamlLost: true };
  expect(beginAt("", offered, { draft, last: null }).notes).toContain(
    "YAML with values of variables was not kept: write it again.",
  );
});
