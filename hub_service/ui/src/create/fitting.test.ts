import { expect, test } from "vitest";

import type { Drive } from "../api/types";
import { makeEnvironment } from "../testing/sessions";
import { fitting, withChoices, type Offered } from "./fitting";
import { emptyValues, type FormValues } from "./values";

const size = {
  name: "size",
  title: "Size",
  values: { small: "small", big: "Big one" },
  default: "small",
  unlisted: null,
};
const offered: Offered = {
  environments: [makeEnvironment({ choices: [size] })],
  drives: [{ id: "d1", name: "data" } as Drive],
  unsupported: { ports: "Not here.", "resources.gpu": "No GPUs." },
  idleReason: (seconds) => (seconds === -1 || seconds > 7200 ? "Your limit is 2 h." : null),
};
const empty = emptyValues("python", 900);
const fit = (change: Partial<FormValues>, more: Partial<Offered> = {}) =>
  fitting({ ...empty, ...change }, { ...offered, ...more }, empty);

test("what is all there stays, without a word", () => {
  const { values, notes } = fit({ choices: { size: "big" }, drive: "data", idle: "7200" });
  expect(values).toMatchObject({ choices: { size: "big" }, drive: "data", idle: "7200" });
  expect(notes).toEqual([]);
});

test.each<[Partial<FormValues>, Partial<FormValues>, string]>([
  [
    { choices: { size: "large" } },
    { choices: { size: "small" } },
    "Size ‘large’ is not offered any more: small is chosen.",
  ],
  [
    { environment: "gone" },
    { environment: "python" },
    "There is no environment ‘gone’ here: Python 3.12 is chosen.",
  ],
  [{ drive: "lost" }, { drive: "default" }, "Drive ‘lost’ is gone: your default is chosen."],
  [
    { idle: "-1" },
    { idle: "900" },
    "Idle timeout ‘Unlimited’ is not offered any more: 15 min is chosen.",
  ],
  [
    { ports: [{ number: "1", protocol: "TCP", name: "" }] },
    { ports: [] },
    "Ports left out: Not here.",
  ],
  [
    { resources: { cpu: "2", memory: "", gpu: "1" } },
    { resources: { cpu: "2", memory: "", gpu: "" } },
    "GPU left out: No GPUs.",
  ],
])("what is gone is said, not tripped over: %o", (asked, now, note) => {
  const { values, notes } = fit(asked);
  expect(values).toMatchObject(now);
  expect(notes).toEqual([note]);
});

test("a drive is kept while it is not known which there are", () => {
  expect(fit({ drive: "lost" }, { drives: undefined }).values.drive).toBe("lost");
});

test("an option that is not offered any more falls back to its default", () => {
  const old = { ...empty, choices: { size: "1.0" } };
  expect(withChoices(offered.environments[0], old).choices).toEqual({ size: "small" });
  expect(withChoices(undefined, old).choices).toEqual({});
});
