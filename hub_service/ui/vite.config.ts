import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The build lands in the service's package, which serves it under hashed names; there is no
// index.html, because the service renders the shell and reads .vite/manifest.json for the names.
// All that the list needs is one file beside React's: parts that come later add no further ones.
const page = { name: "page", test: /src\/App\.tsx$/ };

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../sessions_service/web/static/app",
    emptyOutDir: true,
    manifest: true,
    target: ["chrome120", "edge120", "firefox125", "safari17"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: "src/main.tsx", output: { codeSplitting: { groups: [page] } } },
  },
});
