import { beforeAll, expect, test, vi } from "vitest";

import { makeSession } from "../testing/sessions";

// The calls know where they go from the page's data block.
beforeAll(() => {
  vi.stubGlobal("document", { getElementById: () => ({ textContent: "{}" }) });
});

const SEEN = makeSession({ name: "mine-before", version: 3 });
const changed = { by: "kim", at: "2026-11-21T14:02:00.000Z" };

async function change(now: Parameters<typeof makeSession>[0], refusals: number, name = "mine") {
  const { ApiError } = await import("../api/client");
  const { changeCarefully, ChangedMeanwhile } = await import("./carefully");
  const sent: number[] = [];
  const result = await changeCarefully(
    SEEN,
    { name },
    {
      load: () => Promise.resolve(makeSession({ ...SEEN, ...now })),
      send: (session) => {
        sent.push(session.version);
        if (sent.length <= refusals) {
          return Promise.reject(new ApiError(409, { error: { code: "version", changed } }));
        }
        return Promise.resolve({ ...session, name });
      },
    },
  ).catch((error: unknown) => (error instanceof ChangedMeanwhile ? error : "refused"));
  return { sent, result };
}

test("another change, such as more time, does not stand in the way of a new name", async () => {
  const { sent, result } = await change({ version: 4 }, 1);
  expect(sent).toEqual([3, 4]);
  expect(result).toMatchObject({ name: "mine", version: 4 });
});

test("the same thing changed by somebody else is a question, with who and when", async () => {
  const { sent, result } = await change({ version: 4, name: "theirs" }, 1);
  expect(sent).toEqual([3]);
  expect(result).toMatchObject({ now: { name: "theirs" }, change: { name: "mine" }, changed });
});

test("what is already as wanted is done", async () => {
  const { sent, result } = await change({ version: 4, name: "mine" }, 1);
  expect([sent, result]).toMatchObject([[3], { name: "mine", version: 4 }]);
});

test("a change that always comes too late is given up after the second time", async () => {
  const { sent, result } = await change({ version: 4 }, 99);
  expect([sent, result]).toEqual([[3, 4], "refused"]);
});
