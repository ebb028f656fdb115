import { expect, test } from "vitest";

import { mayBeKept } from "./kept";

test("values of variables do not lie in the browser's storage", () => {
  expect(mayBeKept("spec:\n  nodeSelector: {disk: ssd}\n")).toBe(true);
  expect(mayBeKept("env: [{name: A, value: secret}]")).toBe(false);
  expect(mayBeKept('env:\n- name: A\n  "value": secret\n')).toBe(false);
});
