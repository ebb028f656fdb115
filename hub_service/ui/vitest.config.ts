import { defineConfig } from "vitest/config";

// Times in words are tested in one zone; the pure modules need no browser.
export default defineConfig({
  test: { environment: "node", env: { TZ: "UTC" }, include: ["src/**/*.test.ts"] },
});
