import { expect, test } from "vitest";

import type { Drive, LaunchRequest } from "../api/types";
import { makeEnvironment } from "../testing/sessions";
import { fitRequest, type Offered } from "./fit-request";

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
  unsupported: { ports: "Not here.", image: "No images.", "resources.gpu": "No GPUs." },
  idleReason: (seconds) => (seconds === -1 || seconds > 7200 ? "Your limit is 2 h." : null),
  idleDefault: 900,
};
const asked: LaunchRequest = { environment: "python", idle_timeout: 900, drive: "data" };

test("what is all there stays, without a word", () => {
  const whole = { ...asked, choices: { size: "big" }, env: { A: "1" }, resources: { cpu: "2" } };
  expect(fitRequest(whole, offered)).toEqual({ request: whole, notes: [] });
  expect(fitRequest({}, offered)).toEqual({ request: {}, notes: [] });
});

test.each<[Partial<LaunchRequest>, Partial<LaunchRequest>, string]>([
  [{ choices: { size: "large" } }, {}, "Size ‘large’ is not offered any more: small is chosen."],
  [
    { environment: "gone", choices: { size: "big" } },
    { environment: "python", choices: {} },
    "There is no environment ‘gone’ here: Python 3.12 is chosen.",
  ],
  [{ drive: "lost" }, { drive: "default" }, "Drive ‘lost’ is gone: your default is chosen."],
  [
    { idle_timeout: -1 },
    { idle_timeout: 900 },
    "Idle timeout ‘Unlimited’ is not offered any more: 15 min is chosen.",
  ],
  [{ ports: [{ number: 1 }] }, {}, "Ports left out: Not here."],
  [{ image: "me/image" }, {}, "Custom image URL left out: No images."],
  [
    { resources: { cpu: "2", gpu: 1 } },
    { resources: { cpu: "2", gpu: null } },
    "GPU left out: No GPUs.",
  ],
])("what is gone is said, not tripped over: %o", (change, now, note) => {
  expect(fitRequest({ ...asked, ...change }, offered)).toEqual({
    request: { ...asked, ...now },
    notes: [note],
  });
});

test("a drive is kept while it is not known which there are", () => {
  const { request } = fitRequest({ ...asked, drive: "lost" }, { ...offered, drives: undefined });
  expect(request.drive).toBe("lost");
});
