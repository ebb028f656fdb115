import { expect, test } from "vitest";

import { makeSession, stopped } from "../testing/sessions";
import { parseListQuery } from "../url/list-query";
import { belongsTo, fits } from "./fits";

const me = { name: "anna", admin: false };
const session = makeSession({ name: "Ärger", drive: "data" });
const fit = (search: string) => fits(session, "active", parseListQuery(search), me);

test("a stopping session belongs to both tabs", () => {
  const stopping = makeSession({ state: "stopping" });
  expect(belongsTo("active", stopping) && belongsTo("history", stopping)).toBe(true);
  expect(belongsTo("active", stopped(session))).toBe(false);
});

test.each([
  ["", true],
  ["?q=ärg", true],
  ["?q=DATA", true],
  ["?q=nothing", false],
  ["?drive=data&drive=other", true],
  ["?drive=other", false],
  ["?drive=data&environment=r", false],
  ["?state=in+progress", true],
  ["?state=running", true],
  ["?state=pending", false],
  ["?owner=*", true],
  ["?owner=anna@", true],
  ["?owner=ben", false],
  ["?owner=@shared", false],
])("the filters %s fit: %s", (search, isFitting) => {
  expect(fit(search)).toBe(isFitting);
});

test("without an owner filter only one's own sessions fit", () => {
  const foreign = makeSession({ owner: "ben" });
  expect(fits(foreign, "active", parseListQuery(""), me)).toBe(false);
});
