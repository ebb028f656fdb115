import { describe, expect, test } from "vitest";

import type { LaunchRequest } from "../api/types";
import { changesIn, fromRequest, idleSeconds, toRequest } from "./request";
import { emptyValues, OTHER, UNLISTED, type FormValues } from "./values";

const PRESETS = [900, 3600, -1];
const empty = emptyValues("gpu", 900);
const option = {
  name: "version",
  title: "Version",
  values: { "2.9": "2.9", "2.8": "2.8" },
  default: "2.9",
  unlisted: ".*",
};
const whole: LaunchRequest = {
  name: "mine",
  environment: "gpu",
  choices: { version: { unlisted: "3" } },
  resources: { cpu: "1500m", memory: "1536Mi", gpu: 2 },
  image: "registry.example.org/team/image:1.2",
  idle_timeout: 5400,
  drive: "data",
  extra_drives: [{ drive: "more", path: "more", read_only: true }],
  cloud_sql: [{ instance: "project:region:name", port: 5433 }],
  secrets: [{ name: "s3", as: "files", path: "keys" }],
  service_account: "train",
  billing_project: "ml-q4",
  ports: [{ number: 8080, name: "api" }],
  max_lifetime: 43_200,
  env: { MODE: "fast" },
  pod_overrides: "metadata: {}",
  cloned_from: "s7k2mq4pedra",
};

test("a request with nothing chosen says environment, timeout and drive", () => {
  expect(toRequest({ ...empty, name: "  " }, null, [])).toEqual({
    environment: "gpu",
    idle_timeout: 900,
    drive: "default",
  });
});

test("a whole request fills the form and comes out of it again", () => {
  const values = fromRequest(whole, PRESETS, empty);
  expect(values).toMatchObject({
    idle: OTHER,
    minutes: "90",
    resources: { cpu: "1.5", memory: "1.5", gpu: "2" },
    max_lifetime: { number: "12", unit: "hours" },
    cloud_sql_on: true,
  });
  expect(toRequest(values, "s7k2mq4pedra", [option])).toEqual({
    ...whole,
    resources: { cpu: "1.5", memory: "1.5Gi", gpu: 2 },
  });
});

test("null fills the form as what is not said", () => {
  const nothing = { image: null, resources: null, max_lifetime: null, service_account: null };
  expect(fromRequest({ ...nothing, idle_timeout: 900 }, PRESETS, empty)).toEqual(empty);
});

test("choices are sent for the options of the environment only", () => {
  const choices = { version: UNLISTED, gone: "x" };
  const values = { ...empty, choices, unlisted: { version: " 3 " } };
  expect(toRequest(values, null, [option]).choices).toEqual({ version: { unlisted: "3" } });
});

test("rows that are not filled in yet, and a proxy that is off, are not sent", () => {
  const values: FormValues = {
    ...empty,
    ports: [{ number: "", protocol: "TCP", name: "" }],
    extra_drives: [{ drive: "data", path: " ", read_only: false }],
    env: [{ name: "2", value: "x" }],
    cloud_sql: [{ instance: "project:region:name", port: null }],
  };
  expect(Object.keys(toRequest(values, null, []))).toEqual([
    "environment",
    "idle_timeout",
    "drive",
  ]);
});

test("UDP, read-only and names of ports are sent where they were chosen", () => {
  const ports: FormValues["ports"] = [
    { number: " 53 ", protocol: "UDP", name: " dns " },
    { number: "80", protocol: "TCP", name: "" },
  ];
  expect(toRequest({ ...empty, ports }, null, []).ports).toEqual([
    { number: 53, protocol: "UDP", name: "dns" },
    { number: 80 },
  ]);
});

test("a size that is no whole number of GiB stays as it was written", () => {
  const filled = fromRequest({ resources: { memory: "500M" } }, PRESETS, empty);
  expect(filled.resources.memory).toBe("500M");
  expect(toRequest(filled, null, []).resources).toEqual({ memory: "500M" });
});

test("minutes that are no number make no timeout", () => {
  expect(idleSeconds({ idle: OTHER, minutes: "ten" })).toBeNaN();
  expect(idleSeconds({ idle: OTHER, minutes: " 45 " })).toBe(2700);
  expect(idleSeconds({ idle: "-1", minutes: "" })).toBe(-1);
});

describe("what a check offers to change", () => {
  test("touches only the fields behind it", () => {
    expect(changesIn({ idle_timeout: 3600 }, PRESETS, empty)).toEqual({
      idle: "3600",
      minutes: "",
    });
    expect(changesIn({ drive: "default" }, PRESETS, empty)).toEqual({ drive: "default" });
    expect(changesIn({ ports: [] }, PRESETS, empty)).toEqual({ ports: [] });
    expect(changesIn({}, PRESETS, empty)).toEqual({});
  });

  test("may leave a field out", () => {
    expect(changesIn({ service_account: null }, PRESETS, empty)).toEqual({ service_account: "" });
  });
});
