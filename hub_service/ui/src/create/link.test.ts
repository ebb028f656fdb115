import { expect, test } from "vitest";

import { fromLink } from "./link";

test("a link only fills the form, and says what it does not know", () => {
  const search = "?environment=r&idle_timeout=3600&drive=d&port=8080&port=9000&color=red&spec=1";
  expect(fromLink(search)).toEqual({
    request: {
      environment: "r",
      idle_timeout: 3600,
      drive: "d",
      ports: [{ number: 8080 }, { number: 9000 }],
    },
    unknown: ["color"],
  });
});

test("a link may say sizes, options and what is attached, but no values of variables", () => {
  const search = "?cpu=2&memory=4Gi&gpu=1&choices.version=2.9&secret=s3&env.A=1";
  expect(fromLink(search)).toEqual({
    request: {
      resources: { cpu: "2", memory: "4Gi", gpu: 1 },
      choices: { version: "2.9" },
      secrets: [{ name: "s3" }],
    },
    unknown: ["env.A"],
  });
});

test("a timeout that is no number is not taken", () => {
  expect(fromLink("?idle_timeout=soon")).toEqual({ request: {}, unknown: ["idle_timeout"] });
});
