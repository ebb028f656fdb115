import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { beforeAll, expect, test, vi } from "vitest";

import type { Drive } from "../api/types";

beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

test("it is known which drive is being made, until it is there", async () => {
  const { driveInMaking, makeDrive } = await import("./changes");
  const client = new QueryClient();
  let done: (drive: Drive) => void = () => undefined;
  const observer = new MutationObserver(client, {
    mutationKey: ["drives"],
    mutationFn: () => new Promise<Drive>((answer) => (done = answer)),
  });
  expect(driveInMaking(client)).toBeUndefined();
  const made = observer.mutate(makeDrive({ name: "data" }, "k") as never);
  await vi.waitFor(() => {
    expect(driveInMaking(client)).toBe("data");
  });
  done({ name: "data" } as Drive);
  await made;
  expect(driveInMaking(client)).toBeUndefined();
});
