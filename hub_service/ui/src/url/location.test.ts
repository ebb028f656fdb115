import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { parseListQuery } from "./list-query";
import { paths } from "./routes";

const ID = "s7k2mq4pedra";
const BASE = "/services/sessions/";

interface Entry {
  state: unknown;
  url: URL;
}

let entries: Entry[] = [];
let popped: () => void = () => undefined;

/** The window's history, as far as the page uses it. */
const history = {
  get state() {
    return entries.at(-1)?.state;
  },
  pushState(state: unknown, _title: string, path: string) {
    entries.push({ state, url: new URL(path, "http://hub") });
  },
  replaceState(state: unknown, _title: string, path: string) {
    entries[entries.length - 1] = { state, url: new URL(path, "http://hub") };
  },
  back() {
    entries.pop();
    popped();
  },
};

const location = {
  get pathname() {
    return entries.at(-1)?.url.pathname ?? "";
  },
  get search() {
    return entries.at(-1)?.url.search ?? "";
  },
};

function address(): string {
  return location.pathname.slice(BASE.length) + location.search;
}

beforeEach(() => {
  vi.resetModules();
  entries = [{ state: null, url: new URL(BASE, "http://hub") }];
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
  vi.stubGlobal("sessionStorage", storage);
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("history", history);
  vi.stubGlobal("location", location);
  vi.stubGlobal("window", {
    addEventListener: (_type: string, listener: () => void) => {
      popped = listener;
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("what is typed into the search takes the place of the list's address", async () => {
  const { refineList } = await import("./location");
  refineList("active", parseListQuery("?q=churn"));
  expect([address(), entries.length]).toEqual(["?q=churn", 1]);
});

test("a search that comes after a drawer was opened leaves the drawer and its place", async () => {
  const { closeLayer, lastQuery, openLayer, refineList } = await import("./location");
  openLayer(paths.story(ID));
  refineList("active", parseListQuery("?q=churn"));
  expect([address(), entries.length]).toEqual([paths.story(ID), 2]);
  expect(lastQuery("active").q).toBe("churn");
  closeLayer();
  expect(address()).toBe("?q=churn");
});

test("Back from a drawer leads to the list as it was before the search", async () => {
  const { openLayer, refineList } = await import("./location");
  openLayer(paths.details(ID));
  refineList("active", parseListQuery("?q=churn"));
  history.back();
  expect([address(), entries.length]).toEqual(["", 1]);
});

test("a drawer over an unchanged list is closed as Back does", async () => {
  const { closeLayer, openLayer } = await import("./location");
  openLayer(paths.details(ID));
  closeLayer();
  expect([address(), entries.length]).toEqual(["", 1]);
});
