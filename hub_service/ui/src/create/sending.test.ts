import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { LaunchRequest, Preview } from "../api/types";

const request = { environment: "python", idle_timeout: 900, drive: "default" } as LaunchRequest;
const known = { checks: [] } as unknown as Preview;
let asked = 0;

beforeEach(() => {
  const boot = { me: { name: "anna", admin: false } };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: JSON.stringify(boot) }) });
  asked = 0;
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A form that shows the checks of the request, as they are known already. */
async function shown(answer: () => Promise<Preview> = () => Promise.resolve(known)) {
  const { previewOf } = await import("../api/preview");
  const previews = await import("./usePreview");
  const client = new QueryClient();
  const { queryKey } = previewOf(JSON.stringify(request));
  client.setQueryData(queryKey, known);
  const queryFn = ({ signal }: { signal: AbortSignal }) => {
    asked += 1;
    return Promise.race([answer(), new Promise<never>((_, no) => (signal.onabort = no))]);
  };
  const observer = new QueryObserver<Preview>(client, { queryKey, queryFn, staleTime: 5000 });
  const hide = observer.subscribe(() => undefined);
  return { client, observer, hide, ...previews };
}

test("a form that is sent asks for no checks beside it", async () => {
  const { client, hide, knownPreview } = await shown();
  expect(knownPreview(client, request)).toBe(known);
  expect(asked).toBe(0);
  hide();
});

test("after a refusal the checks are asked anew", async () => {
  const { client, hide, askChecksAnew } = await shown();
  askChecksAnew(client);
  expect(asked).toBe(1);
  hide();
});

test("checks that are under way are given up when the form is sent", async () => {
  const { client, observer, hide, leaveChecks } = await shown(() => new Promise(() => undefined));
  void observer.refetch().catch(() => undefined);
  expect(client.isFetching()).toBe(1);
  leaveChecks(client);
  await vi.waitFor(() => {
    expect(client.isFetching()).toBe(0);
  });
  expect(observer.getCurrentResult().data).toBe(known);
  hide();
});
