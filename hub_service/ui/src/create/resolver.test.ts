import { expect, test, vi } from "vitest";

import type { FieldErrors } from "react-hook-form";
import { emptyValues, firstTab, type FormValues } from "./values";

const NO_POD = "There is no pod.";

/** The messages of a form on a whole pod, for somebody who may make one or may not. */
async function said(pod_spec: string | null, may: boolean, isOwnSpec = true) {
  vi.resetModules();
  const me = { features: { pod_spec: { on: may, reason: NO_POD } }, idle: { max: null } };
  const textContent = JSON.stringify({ me });
  vi.stubGlobal("document", { getElementById: () => ({ textContent }) });
  const { resolver } = await import("./resolver");
  const values: FormValues = { ...emptyValues("python", 900), pod_spec };
  const options = { fields: {}, shouldUseNativeValidation: undefined };
  const { errors } = await resolver(values, { isOwnSpec }, options);
  return (errors as FieldErrors<FormValues>).pod_spec?.message;
}

test("a session of one's own pod is not created without its pod", async () => {
  const { texts } = await import("../texts");
  for (const empty of [null, "", "# later\n"]) {
    expect(await said(empty, true)).toBe(texts.yaml.noSpec);
    expect(await said(empty, true, false)).toBeUndefined();
  }
  expect(await said("kind: Pod", true)).toBeUndefined();
});

test("who may make no pod is told why", async () => {
  expect(await said(null, false)).toBe(NO_POD);
});

test("the tab of the first wrong field opens, and none for YAML", () => {
  expect(firstTab(["ports.0.number", "idle"])).toBe("general");
  expect(firstTab(["pod_spec", "ports.0.number"])).toBe("advanced");
  expect(firstTab(["pod_spec"])).toBeNull();
});
