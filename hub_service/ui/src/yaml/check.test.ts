import { expect, test } from "vitest";

import type { LaunchRequest, Preview } from "../api/types";
import { isBlank } from "./blank";
import { checkedProblems, ownProblems, podBody, withYaml } from "./check";
import { texts } from "../texts";

const REQUEST: LaunchRequest = { environment: "python", idle_timeout: 900, drive: "default" };
const TEXT = "spec:\n  containers:\n  - name: notebook\n    securityContext:\n      runAsUser: 0\n";

function preview(...checks: object[]): Preview {
  return { checks, limits: null, pod: null } as unknown as Preview;
}

test("a refused line is told with its rule, and its fix gives the whole text", () => {
  const [problem] = checkedProblems(
    TEXT,
    "pod_overrides",
    preview({
      field: "pod_overrides",
      path: "spec.containers[0].securityContext.runAsUser",
      line: 5,
      rule: "‘restricted’",
      level: "error",
      code: "yaml",
      message: "not allowed by ‘restricted’.",
      fixes: [
        { label: "Set runAsUser to 1000", changes: { pod_overrides: "changed" } },
        { label: "Remove runAsUser", changes: { pod_overrides: null } },
      ],
    }),
  );
  expect(problem).toMatchObject({ line: 5, rule: "‘restricted’", level: "error" });
  expect(TEXT.slice(problem?.from, problem?.to)).toBe("runAsUser: 0");
  expect(problem?.fixes).toEqual([
    { label: "Set runAsUser to 1000", text: "changed" },
    { label: "Remove runAsUser", text: "" },
  ]);
});

test("what is wrong elsewhere in the form is named, not laid to the YAML", () => {
  const check = { field: "name", level: "error", code: "field", message: "Too long." };
  const [problem] = checkedProblems(TEXT, "pod_overrides", preview(check));
  expect(problem).toMatchObject({ line: null, level: "warning" });
  expect(problem?.message).toBe("In the form, name: Too long.");
});

test("a request has one YAML or none", () => {
  const both = { ...REQUEST, pod_overrides: "a: 1", pod_spec: "b: 1" };
  expect(withYaml(both, "pod_spec", "c: 1")).toEqual({ ...REQUEST, pod_spec: "c: 1" });
  expect(withYaml(both, "pod_overrides", " # nothing\n")).toEqual(REQUEST);
  expect(isBlank(texts.yaml.skeleton)).toBe(true);
  expect(isBlank(TEXT)).toBe(false);
});

test("a whole pod that is not there is a problem, where no overrides are none", () => {
  expect(ownProblems(" # later\n", "pod_spec", null)).toMatchObject([
    { message: texts.yaml.noSpec, level: "error", line: null },
  ]);
  expect(ownProblems(" # later\n", "pod_overrides", null)).toEqual([]);
});

test("what is asked for the pod waits for each choice of the form, not for the text alone", () => {
  const body = podBody({ ...REQUEST, name: "a" }, "pod_spec", TEXT);
  expect(JSON.parse(body)).toEqual({ ...REQUEST, name: "a", pod_spec: TEXT, pod: true });
  expect(podBody({ ...REQUEST, name: "an" }, "pod_spec", TEXT)).not.toBe(body);
});
