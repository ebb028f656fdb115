// Bundles the page into the folder it is given, with its files' digests in their addresses.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(here, process.argv[2]);

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.ts" },
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome120", "firefox125", "safari17"],
  legalComments: "linked",
});
await cp(join(here, "src", "icon.svg"), join(output, "icon.svg"));

let page = await readFile(join(here, "src", "index.html"), "utf8");
for (const name of ["app.js", "app.css", "icon.svg"]) {
  const content = await readFile(join(output, name));
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  page = page.replaceAll(`static/${name}`, `static/${name}?v=${digest}`);
}
await writeFile(join(output, "index.html"), page);
