import { expect, test } from "vitest";

import { schema } from "./schema";
import { emptyValues, OTHER, UNLISTED, type FormValues } from "./values";

const values = emptyValues("python", 900);
const port = (number: string) => ({ number, protocol: "TCP" as const, name: "" });
const drive = (path: string, name = "data") => ({ drive: name, path, read_only: false });

const messages = (change: Partial<FormValues>) =>
  schema.safeParse({ ...values, ...change }).error?.issues.map(({ path }) => path.join(".")) ?? [];

test.each<Partial<FormValues>>([
  {},
  { image: "registry.example.org/team/image:1.2" },
  { resources: { cpu: "0.5", memory: "4", gpu: "" } },
  { resources: { cpu: "500m", memory: "512Mi", gpu: "1" } },
  { ports: [port("8080"), port("9000")], extra_drives: [drive("data")] },
  { max_lifetime: { number: "12", unit: "hours" }, env: [{ name: "MODE", value: "" }] },
])("what is right has no message: %o", (change) => {
  expect(messages(change)).toEqual([]);
});

test.each<[Partial<FormValues>, string]>([
  [{ name: "x".repeat(41) }, "name"],
  [{ name: "a\u0007b" }, "name"],
  [{ environment: "" }, "environment"],
  [{ drive: "" }, "drive"],
  [{ idle: OTHER, minutes: "0" }, "minutes"],
  [{ idle: OTHER, minutes: "1.5" }, "minutes"],
  [{ idle: OTHER, minutes: "999999999" }, "minutes"],
  [{ choices: { version: UNLISTED } }, "unlisted.version"],
  [{ image: "https://Registry/Image" }, "image"],
  [{ image: "me:password@registry.example.org/image" }, "image"],
  [{ resources: { cpu: "two", memory: "", gpu: "" } }, "resources.cpu"],
  [{ resources: { cpu: "", memory: "4 GB", gpu: "" } }, "resources.memory"],
  [{ resources: { cpu: "", memory: "", gpu: "1.5" } }, "resources.gpu"],
  [{ ports: [port("0")] }, "ports.0.number"],
  [{ ports: [port("8080"), port("8080")] }, "ports.1.number"],
  [{ extra_drives: [drive("data", "")] }, "extra_drives.0.drive"],
  [{ extra_drives: [drive(" ")] }, "extra_drives.0.path"],
  [{ extra_drives: [drive("data"), drive("data/")] }, "extra_drives.1.path"],
  [{ env: [{ name: "1ST", value: "" }] }, "env.0.name"],
  [
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
    "env.1.name",
  ],
  [{ max_lifetime: { number: "0", unit: "days" } }, "max_lifetime.number"],
  [{ cloud_sql_on: true }, "cloud_sql"],
])("%o is told at %s", (change, path) => {
  expect(messages(change)).toEqual([path]);
});
