import { expect, test } from "vitest";

import { advancedCount, emptyValues, fieldOf, OTHER, tabOf, type FormValues } from "./values";

const empty = emptyValues("python", 900);
const row = (number: string) => ({ number, protocol: "TCP" as const, name: "" });

test("the tab Advanced counts each choice that differs from the default once", () => {
  expect(advancedCount({ ...empty, name: "mine", drive: "data", image: "x" })).toBe(0);
  const changed: FormValues = {
    ...empty,
    ports: [row("1"), row("2")],
    env: [{ name: "A", value: "" }],
    max_lifetime: { number: "2", unit: "days" },
    service_account: "train",
    pod_overrides: "metadata: {}",
  };
  expect(advancedCount(changed)).toBe(4);
});

test("each field is found on its tab", () => {
  expect(["name", "idle", "resources.cpu", "choices.size"].map(tabOf)).toEqual(
    Array(4).fill("general"),
  );
  expect(["ports.1.number", "env.0.name", "cloud_sql"].map(tabOf)).toEqual(
    Array(3).fill("advanced"),
  );
});

test("YAML stands below both tabs: its message opens no other one", () => {
  expect(["pod_overrides", "pod_spec"].map(tabOf)).toEqual([null, null]);
});

test("messages of the service find their field", () => {
  expect(fieldOf("idle_timeout", empty)).toBe("idle");
  expect(fieldOf("idle_timeout", { ...empty, idle: OTHER })).toBe("minutes");
  expect(fieldOf("choices.version", empty)).toBe("choices.version");
  expect(fieldOf("resources.memory", empty)).toBe("resources.memory");
  expect(fieldOf("secrets.1.name", empty)).toBe("secrets");
  expect(fieldOf("max_lifetime", empty)).toBe("max_lifetime.number");
  expect(fieldOf("visibility", empty)).toBeNull();
  expect(fieldOf("", empty)).toBeNull();
});

test("messages find their row although rows not filled in were not sent", () => {
  const values = {
    ...empty,
    ports: [row(""), row("8080"), row("8888")],
    env: [
      { name: "", value: "" },
      { name: "LD_PRELOAD", value: "" },
    ],
  };
  expect(fieldOf("ports.1.number", values)).toBe("ports.2.number");
  expect(fieldOf("env.LD_PRELOAD", values)).toBe("env.1.name");
  expect(fieldOf("env.GONE", values)).toBe("env");
});
