import { expect, test } from "vitest";

import { makeSession } from "../testing/sessions";
import { driveWords, quantityWords, sizeWords, stopsWords } from "./words";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("the default drive is called after its owner", () => {
  expect(driveWords(makeSession(), "anna")).toBe("your default");
  expect(driveWords(makeSession(), "ben")).toBe("anna’s default");
  expect(driveWords(makeSession({ drive: "data" }), "anna")).toBe("data");
});

test.each([
  ["4Gi", "4 GiB"],
  ["500m", "0.5"],
  ["2", "2"],
  ["1.5G", "1.5 GB"],
  ["odd", "odd"],
])("%s is shown as %s", (quantity, words) => {
  expect(quantityWords(quantity)).toBe(words);
});

test("a size names what is there", () => {
  expect(sizeWords({ cpu: "500m", memory: "4Gi", gpu: 1 })).toBe("0.5 CPU · 4 GiB · 1 GPU");
  expect(sizeWords(null)).toBe("");
});

test("the column Stops follows the clock", () => {
  const idle = { state: "counting", ends_at: "2026-11-21T12:12:30Z" } as const;
  const words = (change: Parameters<typeof makeSession>[0]) => stopsWords(makeSession(change), NOW);
  expect(words({ idle, expires_at: idle.ends_at })).toBe("in 12 min");
  expect(words({ idle: { state: "never" } })).toBe("never");
  expect(words({ idle: { state: "unknown" } })).toBe("no news");
  expect(words({ idle: { state: "in-use", held_by: [{ kind: "shell", sentence: "" }] } })).toBe(
    "in use (shell)",
  );
  expect(words({ state: "starting", idle })).toBe("–");
});
