import { expect, test } from "vitest";

import { changedSince, parseDraft, withDraft, withoutDraft } from "./draft-text";
import { choicesIn } from "./remembered";
import { emptyValues } from "./values";

const DAY = 86_400_000;
const LINK = "?drive=d";
const empty = emptyValues("python", 900);
const values = { ...empty, env: [{ name: "KEY", value: "hush" }] };
const named = (name: string) => ({ ...empty, name });

test("a draft holds what was typed for a day, without values of variables", () => {
  const text = withDraft(null, { values, source: LINK }, 0);
  expect(text).not.toContain("hush");
  expect(parseDraft(text, LINK, DAY - 1)?.values.env).toEqual([{ name: "KEY", value: "" }]);
  expect(parseDraft(text, LINK, DAY)).toBeNull();
  expect(parseDraft(text, "", 1)).toBeNull();
  expect(parseDraft(null, "", 1)).toBeNull();
});

test("a draft of an older page gets what it lacks, and what cannot be read is none", () => {
  const old = JSON.stringify({ "": { values: { name: "old" }, at: 0 } });
  expect(parseDraft(old, "", 1)?.values).toMatchObject({ name: "old", ports: [], idle: "900" });
  const before = JSON.stringify({ values: { name: "old" }, source: "", at: 0 });
  for (const text of ["{", "7", "null", before]) {
    expect(parseDraft(text, "", 1)).toBeNull();
    expect(parseDraft(withDraft(text, { values, source: "" }, 0), "", 1)).not.toBeNull();
  }
});

test("each beginning has a draft of its own, and the newest ten are kept", () => {
  const both = withDraft(
    withDraft(null, { values: named("new"), source: "" }, 0),
    {
      values: named("clone"),
      source: "?clone=s1",
    },
    1,
  );
  expect(parseDraft(both, "", 2)?.values.name).toBe("new");
  expect(parseDraft(withoutDraft(both, "", 2), "?clone=s1", 2)?.values.name).toBe("clone");
  expect(parseDraft(withoutDraft(both, "", 2), "", 2)).toBeNull();
  const many = [...Array(10).keys()].reduce<string>(
    (text, n) => withDraft(text, { values: empty, source: `?name=${n}` }, 3),
    withDraft(both, { values: named("again"), source: "" }, 2),
  );
  expect(parseDraft(many, "?clone=s1", 3)).toBeNull();
  expect(parseDraft(many, "?name=9", 3)).not.toBeNull();
});

test("what was sent stays with the draft, but no body with values of variables", () => {
  const sent = { body: JSON.stringify({ environment: "python" }), key: "k1" };
  const text = withDraft(null, { values: empty, source: "", sent }, 0);
  const typed = withDraft(text, { values: named("a"), source: "" }, 1);
  expect(parseDraft(typed, "", 2)).toMatchObject({ values: { name: "a" }, sent });
  const over = withDraft(typed, { values: named("a"), source: "", sent: null }, 2);
  expect(parseDraft(over, "", 3)?.sent).toBeNull();
  for (const secret of [{ env: { KEY: "hush" } }, { pod_overrides: "value: hush" }]) {
    const body = JSON.stringify(secret);
    expect(
      withDraft(null, { values: empty, source: "", sent: { body, key: "k" } }, 0),
    ).not.toContain("hush");
  }
});

test("what is as at the beginning is no draft, and neither is the pod that fills the editor", () => {
  const isChanged = changedSince(empty);
  expect(isChanged(named("a"))).toBe(true);
  expect(isChanged(empty)).toBe(false);
  expect(isChanged({ ...empty, pod_spec: "kind: Pod" })).toBe(false);
  expect(isChanged({ ...empty, pod_spec: "kind: Pod\n# mine" })).toBe(true);
});

test("remembered choices hold no name, no variables and no YAML", () => {
  const request = {
    name: "mine",
    environment: "python",
    idle_timeout: 900,
    drive: "data",
    ports: [{ number: 8080 }],
    env: { KEY: "hush" },
    pod_overrides: "metadata: {}",
    cloned_from: "s7k2mq4pedra",
  };
  expect(Object.keys(choicesIn(request))).toEqual([
    "environment",
    "idle_timeout",
    "drive",
    "ports",
  ]);
});

test("YAML is kept, also what is written and not used; with values of variables it is noted", () => {
  const open = { ...empty, pod_overrides: "metadata: {}", yaml_written: "spec: {}" };
  const kept = parseDraft(withDraft(null, { values: open, source: "" }, 0), "", 1);
  expect(kept).toMatchObject({ values: open, isYamlLost: false });
  for (const field of ["pod_overrides", "pod_spec", "yaml_written"]) {
    const text = withDraft(null, { values: { ...empty, [field]: "value: hush" }, source: "" }, 0);
    expect(text).not.toContain("hush");
    expect(parseDraft(text, "", 1)).toMatchObject({ values: empty, isYamlLost: true });
  }
});
