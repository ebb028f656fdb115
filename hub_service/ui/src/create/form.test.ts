import { describe, expect, test } from "vitest";

import { makeEnvironment } from "../testing/sessions";
import {
  fieldOf,
  fromLink,
  fromRequest,
  idleSeconds,
  OTHER,
  schema,
  toRequest,
  UNLISTED,
  withChoices,
  type FormValues,
} from "./form";

const PRESETS = [900, 3600, -1];
const values: FormValues = {
  name: " mine ",
  environment: "gpu",
  choices: { version: "2.9" },
  unlisted: {},
  idle: "900",
  minutes: "",
  drive: "default",
};
const option = {
  name: "version",
  title: "Version",
  values: { "2.9": "2.9", "2.8": "2.8" },
  default: "2.9",
  unlisted: ".*",
};
const gpu = makeEnvironment({ name: "gpu", title: "GPU", choices: [option] });

const messages = (change: Partial<FormValues>) => {
  const result = schema.safeParse({ ...values, ...change });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
};

describe("from form to request and back", () => {
  test("a request says name, environment, timeout and drive", () => {
    expect(toRequest(values, {}, [])).toEqual({
      name: "mine",
      environment: "gpu",
      idle_timeout: 900,
      drive: "default",
    });
  });

  test("choices are sent for the options of the environment only", () => {
    const chosen = {
      ...values,
      choices: { version: UNLISTED, gone: "x" },
      unlisted: { version: "3" },
    };
    expect(toRequest(chosen, {}, [option]).choices).toEqual({ version: { unlisted: "3" } });
  });

  test("what a clone brought and the form does not show is carried along", () => {
    const request = {
      environment: "gpu",
      idle_timeout: 5400,
      drive: "data",
      cloned_from: "s7k2mq4pedra",
      collaborative: false,
      secrets: [],
      image: null,
      visibility: { level: "private" },
      extra_drives: [{ drive: "more", path: "/more", read_only: true }],
    };
    const { values: filled, rest } = fromRequest(request, PRESETS, values);
    expect(filled).toMatchObject({ idle: OTHER, minutes: "90", drive: "data" });
    expect(Object.keys(rest)).toEqual(["cloned_from", "extra_drives"]);
    expect(toRequest(filled, rest, [])).toMatchObject({ idle_timeout: 5400, ...rest });
  });

  test("minutes that are no number make no timeout", () => {
    expect(idleSeconds({ idle: OTHER, minutes: "ten" })).toBeNaN();
    expect(idleSeconds({ idle: OTHER, minutes: " 45 " })).toBe(2700);
    expect(idleSeconds({ idle: "-1", minutes: "" })).toBe(-1);
  });

  test("an option that is not offered any more falls back to its default", () => {
    const old = { ...values, choices: { version: "1.0" } };
    expect(withChoices(gpu, old).choices).toEqual({ version: "2.9" });
    expect(withChoices(undefined, old).choices).toEqual({});
  });
});

describe("checks", () => {
  test("what is right has no message", () => {
    expect(messages({})).toEqual([]);
  });

  test.each([
    [{ name: "x".repeat(41) }, "name"],
    [{ name: "a\u0007b" }, "name"],
    [{ environment: "" }, "environment"],
    [{ drive: "" }, "drive"],
    [{ idle: OTHER, minutes: "0" }, "minutes"],
    [{ idle: OTHER, minutes: "1.5" }, "minutes"],
    [{ idle: OTHER, minutes: "999999999" }, "minutes"],
    [{ choices: { version: UNLISTED } }, "unlisted.version"],
  ])("%o is told at %s", (change, path) => {
    expect(messages(change)).toEqual([path]);
  });

  test("messages of the service find their field", () => {
    expect(fieldOf("idle_timeout")).toBe("idle");
    expect(fieldOf("choices.version")).toBe("choices");
    expect(fieldOf("ports.1.number")).toBeNull();
  });
});

describe("links", () => {
  test("only fill the form, and say what they do not know", () => {
    const { request, unknown } = fromLink("?environment=r&idle_timeout=3600&drive=d&port=8080");
    expect(request).toEqual({ environment: "r", idle_timeout: 3600, drive: "d" });
    expect(unknown).toEqual(["port"]);
  });

  test("a timeout that is no number is not taken", () => {
    expect(fromLink("?idle_timeout=soon")).toEqual({ request: {}, unknown: ["idle_timeout"] });
  });
});
