import { expect, test } from "vitest";

import { draftText, parseDraft } from "./draft-text";
import { choicesIn } from "./remembered";
import { emptyValues } from "./values";

const DAY = 86_400_000;
const values = { ...emptyValues("python", 900), env: [{ name: "KEY", value: "hush" }] };

test("a draft holds what was typed for a day, without values of variables", () => {
  const text = draftText({ values, source: "?drive=d" }, 0);
  expect(text).not.toContain("hush");
  expect(parseDraft(text, "?drive=d", DAY - 1)?.values.env).toEqual([{ name: "KEY", value: "" }]);
  expect(parseDraft(text, "?drive=d", DAY)).toBeNull();
  expect(parseDraft(text, "", 1)).toBeNull();
  expect(parseDraft(null, "", 1)).toBeNull();
});

test("a draft of an older page gets what it lacks", () => {
  const old = JSON.stringify({ values: { name: "old" }, rest: {}, source: "", at: 0 });
  expect(parseDraft(old, "", 1)?.values).toMatchObject({ name: "old", ports: [], idle: "900" });
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
