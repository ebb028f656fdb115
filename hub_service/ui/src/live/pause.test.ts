import { QueryClient, QueryObserver, focusManager, onlineManager } from "@tanstack/react-query";
import { afterEach, expect, test } from "vitest";

import { REFRESH, setPaused } from "./pause";

let asked = 0;

/** A query as any of the page's, with an old answer. */
function shown() {
  const client = new QueryClient({ defaultOptions: { queries: REFRESH } });
  client.mount();
  const queryFn = () => {
    asked += 1;
    return asked;
  };
  const options = { queryKey: ["any"], queryFn, initialData: 0, initialDataUpdatedAt: 1 };
  const observer = new QueryObserver(client, { ...options, refetchOnMount: false });
  const hide = observer.subscribe(() => undefined);
  return () => {
    hide();
    client.unmount();
  };
}

/** The visitor comes back to the tab, and the network too. */
async function comeBack() {
  focusManager.setFocused(false);
  focusManager.setFocused(true);
  onlineManager.setOnline(false);
  onlineManager.setOnline(true);
  // Queries hear of it a moment later.
  await new Promise((resolve) => setTimeout(resolve));
}

afterEach(() => {
  setPaused(false);
  asked = 0;
});

test("a pause holds: neither the focus nor the network refreshes anything", async () => {
  const close = shown();
  setPaused(true);
  await comeBack();
  close();
  expect(asked).toBe(0);
});

test("without a pause both refresh what is shown", async () => {
  const close = shown();
  await comeBack();
  close();
  expect(asked).toBeGreaterThan(0);
});
