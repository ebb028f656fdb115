import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { beforeAll, expect, test, vi } from "vitest";

beforeAll(() => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("location", { pathname: "/", search: "" });
  vi.stubGlobal("history", { state: null, replaceState: () => undefined });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("window", { addEventListener: () => undefined });
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

test("the drives are a table with a caption, in a region that the keyboard can scroll", async () => {
  const { DriveTable } = await import("./DriveTable");
  const none = { drives: [], meant: undefined, onAsk: () => undefined, onChoose: undefined };
  const drawn = renderToString(h(DriveTable, none));
  expect(drawn).toContain('role="region" aria-label="Drives" tabindex="0"');
  expect(drawn).toMatch(/<caption[^>]*>Drives<\/caption>/);
});
