import { expect, test } from "vitest";

import { isOfHub } from "./hub-links";
import { visible } from "./visible";

const PAGE = "https://hub.example.org/services/sessions/";

test.each([
  ["/user/anna/s1/lab", true],
  ["https://anna.hub.example.org/user/anna/lab", true],
  ["https://example.org/user/anna/lab", false],
  ["https://evilhub.example.org/", false],
  ["//elsewhere.org/", false],
  ["javascript:alert(1)", false],
  ["data:text/html,x", false],
  ["http://[", false],
])("a link to %s is made: %s", (address, isMade) => {
  expect(isOfHub(address, PAGE, "hub.example.org")).toBe(isMade);
});

test("control, bidi and zero-width characters are shown as escapes", () => {
  expect(visible("a\u202eb\u200bc\u001b[31md\n")).toBe("a\\u202eb\\u200bc\\u001b[31md\n");
});
