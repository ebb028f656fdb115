import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Never shipped. HUB_STATIC is JupyterHub's folder of static files (share/jupyterhub/static), whose
// style sheet the gallery is shown with; `make ui` names it.
export default defineConfig({
  base: "./",
  plugins: [react()],
  publicDir: process.env.HUB_STATIC ?? false,
  server: { host: "127.0.0.1", strictPort: true, open: false },
  build: {
    outDir: process.env.GALLERY_OUT ?? "dist-gallery",
    emptyOutDir: true,
    copyPublicDir: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: "gallery.html" },
  },
});
