import { beforeEach, expect, test, vi } from "vitest";

const shell = (me: object | null) => JSON.stringify({ me, xsrf_token: me ? "new" : "" });
const reload = vi.fn();
let sent: [string, string | undefined][] = [];

/** The page of anna, whose token is old; the shell says what somebody finds there now. */
function stub(block: string, status = 200) {
  const boot = { me: { name: "anna" }, xsrf_token: "old", api: "/api/", base_url: "/" };
  vi.stubGlobal("document", { getElementById: () => ({ textContent: JSON.stringify(boot) }) });
  vi.stubGlobal("location", { reload });
  vi.stubGlobal(
    "DOMParser",
    class {
      parseFromString(text: string) {
        return { getElementById: () => (text ? { textContent: text } : null) };
      }
    },
  );
  vi.stubGlobal("fetch", (url: string, { headers }: { headers?: Record<string, string> }) => {
    if (url === "/") return Promise.resolve(new Response(block, { status }));
    const token = headers?.["X-XSRFToken"];
    sent.push([url, token]);
    const refused = Response.json({ error: { code: "xsrf" } }, { status: 403 });
    return Promise.resolve(token === "new" ? Response.json({}) : refused);
  });
}

beforeEach(() => {
  vi.resetModules();
  reload.mockClear();
  sent = [];
});

test("a new token of the same visitor is taken, and the call sent again with it", async () => {
  stub(shell({ name: "anna" }));
  const { call } = await import("./client");
  await call("POST", "sessions", { body: {} });
  expect(sent).toEqual([
    ["/api/sessions", "old"],
    ["/api/sessions", "new"],
  ]);
});

test("nothing is sent in the name of somebody else who has signed in", async () => {
  stub(shell({ name: "ben" }));
  const { call } = await import("./client");
  await expect(call("POST", "sessions", { body: {} })).rejects.toMatchObject({ status: 401 });
  expect(sent).toEqual([["/api/sessions", "old"]]);
  expect(reload).toHaveBeenCalledTimes(1);
});

test.each([
  ["a page that cannot be had", shell({ name: "anna" }), 503],
  ["a page without a data block", "", 200],
  ["a page that waits for the hub", shell(null), 200],
])("%s renews nothing", async (_, block, status) => {
  stub(block, status);
  const { call } = await import("./client");
  await expect(call("DELETE", "drives/d")).rejects.toMatchObject({ status: 403 });
  expect(sent).toHaveLength(1);
  expect(reload).not.toHaveBeenCalled();
});
