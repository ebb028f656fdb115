import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { driveWords, portHref, portWords, sizeWords, stopsWords, usedWords } from "./words";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("the default drive is called after its owner", () => {
  expect(driveWords(makeSession(), "anna")).toBe("your default");
  expect(driveWords(makeSession(), "ben")).toBe("anna’s default");
  expect(driveWords(makeSession({ drive: "data" }), "anna")).toBe("data");
});

test("a size names what is there", () => {
  expect(sizeWords({ cpu: "500m", memory: "4Gi", gpu: 1 })).toBe("0.5 CPU · 4 GiB · 1 GPU");
  expect(sizeWords(null)).toBe("");
});

test("the column Stops follows the clock", () => {
  const idle = { state: "counting", ends_at: "2026-11-21T12:12:30Z" } as const;
  const words = (change: Parameters<typeof makeSession>[0]) => stopsWords(makeSession(change), NOW);
  expect(words({ idle, expires_at: idle.ends_at })).toBe("in 13 min");
  expect(words({ idle: { state: "never" } })).toBe("never");
  expect(words({ idle: { state: "unknown" } })).toBe("no news");
  expect(words({ idle: { state: "in-use", held_by: [{ kind: "shell", sentence: "" }] } })).toBe(
    "in use (shell)",
  );
  expect(words({ state: "starting", idle })).toBe("–");
});

test("the memory that it takes now is said with its limit, where somebody measures", () => {
  const used = { cpu: 0.2, memory: 3 * 2 ** 30, at: "2026-11-21T11:59:00Z" };
  expect(usedWords(makeSession({ used }))).toBe("3 of 4 GiB now");
  const unlimited = makeSession({ used, resources: { cpu: null, memory: null, gpu: null } });
  expect(usedWords(unlimited)).toBe("3 GiB now");
  expect(usedWords(makeSession())).toBe("");
});

test("an opened port is a link while its session runs, and only where a browser can go", () => {
  const api = { number: 8080, protocol: "TCP", name: "api" } as const;
  const running = makeSession({ id: "saaaaaaaaaaa" });
  expect(portWords(api)).toBe("8080 api");
  expect(portHref(running, api)).toBe("/user/anna/saaaaaaaaaaa/proxy/8080/");
  expect(portHref(running, { ...api, url: "/elsewhere/" })).toBe("/elsewhere/");
  expect(portHref({ ...running, state: "stopped" }, api)).toBe(null);
  expect(portHref({ ...running, urls: null }, api)).toBe(null);
  const dns = { number: 53, protocol: "UDP", name: null } as const;
  expect(portWords(dns)).toBe("53 UDP");
  expect(portHref(running, dns)).toBe(null);
});
