import { expect, test } from "vitest";

import { texts } from "../texts";
import { ownProblems } from "./check";
import { SCHEMA } from "../testing/pod-schema";

function said(text: string, field: "pod_overrides" | "pod_spec" = "pod_overrides") {
  return ownProblems(text, field, SCHEMA).map(({ line, path, message }) => [line, path, message]);
}

test("a field that no pod has is told at its line, with the one that was meant", () => {
  expect(said("spec:\n  containerz: []\n")).toEqual([
    [2, "spec.containerz", texts.yaml.didYouMean("containerz", "containers")],
  ]);
  expect(said("spec:\n  quite: other\n")).toEqual([
    [2, "spec.quite", texts.yaml.noSuchField("quite")],
  ]);
});

test("a value of another kind is told at its line", () => {
  const text = "spec:\n  hostNetwork: 1\n  containers:\n  - name: y\n    env: {a: b}\n";
  expect(said(text)).toEqual([
    [2, "spec.hostNetwork", texts.yaml.wantsBoolean],
    [4, "spec.containers[0].name", `${texts.yaml.wantsText} ${texts.yaml.isBoolean("y")}`],
    [5, "spec.containers[0].env", texts.yaml.wantsList],
  ]);
});

test("a field that is closed by the policy is no wrong field: the server says what it is", () => {
  expect(said("spec:\n  hostNetwork: yes\n")).toEqual([]);
});

test("a patch removes with null and `$patch`, a whole pod does not", () => {
  const text = "spec:\n  containers:\n  - name: a\n    $patch: delete\n";
  expect(said(text)).toEqual([]);
  expect(said(text, "pod_spec")).toHaveLength(1);
  expect(said("spec:\n  hostNetwork: null\n")).toEqual([]);
});

test("quantities are text or numbers", () => {
  const text = (cpu: string) =>
    `spec:\n  containers:\n  - name: "n"\n    resources: {limits: {cpu: ${cpu}}}\n`;
  expect(said(text("2"))).toEqual([]);
  expect(said(text("500m"))).toEqual([]);
  expect(said(text("yes"))[0]?.[2]).toContain(texts.yaml.wantsQuantity);
});
