import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Built on demand and never shipped. HUB_STATIC is JupyterHub's folder of static files
// (share/jupyterhub/static), whose style sheet the gallery is shown with.
export default defineConfig({
  base: "./",
  plugins: [react()],
  publicDir: process.env.HUB_STATIC ?? false,
  build: { outDir: "dist-gallery", emptyOutDir: true, rollupOptions: { input: "gallery.html" } },
});
