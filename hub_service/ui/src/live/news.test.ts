import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Session } from "../api/types";
import { makeSession } from "../testing/sessions";
import type { Rows } from "./rows";

const QUERY = "tab=active&limit=20";
const session = makeSession();

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  const boot = { textContent: JSON.stringify({ me: { name: "anna", admin: false } }) };
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("document", {
    getElementById: (id: string) => (id === "boot" ? boot : null),
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that shows these sessions. */
async function showing(...items: Session[]) {
  const { takeNews } = await import("./news");
  const { rowsOf } = await import("./rows");
  const cache = await import("./cache");
  const client = new QueryClient();
  const key = cache.keys.list("active", QUERY);
  const page = { items, total: items.length, total_is_capped: false, next: null, prev: null };
  client.setQueryData(key, rowsOf(page, 0));
  const rows = () => client.getQueryData<Rows>(key);
  const mine = () => client.getQueryData<string[]>(cache.keys.mine);
  const announced: string[] = [];
  const tell = (type: string, data: unknown) => {
    takeNews(client, type, data, (text) => announced.push(text));
  };
  return { client, cache, rows, mine, announced, tell };
}

test("what is no longer visible stays so, though news of it had not been taken in yet", async () => {
  const { rows, tell } = await showing(session);
  tell("session", { ...session, revision: 2 });
  tell("removed", { id: session.id });
  await vi.advanceTimersByTimeAsync(100);
  expect(rows()?.gone).toEqual([session.id]);
});

test("what is visible again is a row as before", async () => {
  const { rows, tell } = await showing(session);
  tell("removed", { id: session.id });
  tell("session", { ...session, revision: 2 });
  await vi.advanceTimersByTimeAsync(100);
  expect(rows()?.gone).toEqual([]);
});

test("a session that this page started is marked until it is ready, and never again", async () => {
  const { client, cache, mine, tell } = await showing();
  const starting = makeSession({ state: "starting", status: "pending" });
  cache.takeSession(client, starting, true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(mine()).toEqual([session.id]);
  tell("session", { ...session, revision: 2 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(mine()).toEqual([session.id]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(mine()).toEqual([]);
});

test("what a refresh brings is told once, whatever of it another list has", async () => {
  const starting = makeSession({ state: "starting", status: "pending" });
  const { client, cache, announced } = await showing(starting);
  const { announceChanges } = await import("./news");
  client.setQueryData(cache.keys.session(session.id), starting);
  const announce = (text: string) => announced.push(text);
  announceChanges(client, [{ ...session, revision: 2 }], announce);
  expect(announced).toEqual(["churn-model is ready."]);
  // The list takes it in; what was asked for by its id stays as it was.
  client.setQueryData<Rows>(
    cache.keys.list("active", QUERY),
    (rows) => rows && { ...rows, items: [{ ...session, revision: 2 }] },
  );
  announceChanges(client, [{ ...session, revision: 2 }], announce);
  expect(announced).toHaveLength(1);
});

test("that a session is ready is told once, by the news of it", async () => {
  const starting = makeSession({ state: "starting", status: "pending" });
  const { announced, tell } = await showing(starting);
  tell("session", { ...session, revision: 2 });
  tell("session", { ...session, revision: 3 });
  await vi.advanceTimersByTimeAsync(100);
  tell("session", { ...session, revision: 4 });
  await vi.advanceTimersByTimeAsync(100);
  expect(announced).toEqual(["churn-model is ready."]);
});
