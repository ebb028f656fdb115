import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { beforeAll, expect, test, vi } from "vitest";

import type { Drive } from "../api/types";

// The calls know where they go from the page's data block.
beforeAll(() => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
  vi.stubGlobal("localStorage", { getItem: () => null });
});

const GONE = { error: { code: "not-found", message: "There is no such drive." } };
const drive = { id: "daaaaaaaaaaa", name: "data" } as Drive;

function answer(status: number, body: object = {}): Response {
  return new Response(JSON.stringify(body), { status });
}

async function deletion(...answers: Response[]) {
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  const { deleteDrive } = await import("./changes");
  return deleteDrive(drive, "7 days");
}

test("a deletion that nobody answered is done when the drive is gone at the next call", async () => {
  const { run } = await deletion(answer(502), answer(404, GONE));
  await expect(run()).rejects.toMatchObject({ status: 502 });
  await expect(run()).resolves.toBe(drive);
});

test("a drive that was not there at the first call is said to be missing", async () => {
  const { run } = await deletion(answer(404, GONE), answer(409, GONE), answer(404, GONE));
  await expect(run()).rejects.toMatchObject({ status: 404 });
  await expect(run()).rejects.toMatchObject({ status: 409 });
  await expect(run()).rejects.toMatchObject({ status: 404 });
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
