import { beforeAll, expect, test, vi } from "vitest";

import type { Me } from "../api/types";
import { makeSession } from "../testing/sessions";

// The parts know where they are from the page's data block and address.
beforeAll(() => {
  const storage = { getItem: () => null, setItem: () => undefined };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
  vi.stubGlobal("window", { addEventListener: () => undefined, matchMedia: () => ({}) });
  vi.stubGlobal("location", { pathname: "/services/sessions/", search: "" });
  vi.stubGlobal("history", { state: null });
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("sessionStorage", storage);
});

test("the parts that are offered stand in their order, the YAML last", async () => {
  const { shownParts } = await import("./parts");
  const titles = (features: Me["features"]) =>
    shownParts(makeSession(), { name: "anna", features } as Me).map(({ title }) => title);
  expect(titles({})).toEqual(["Overview", "Story"]);
  const all = { logs: { on: true }, cluster: { on: true } };
  expect(titles(all)).toEqual(["Overview", "Story", "Logs", "YAML"]);
});
