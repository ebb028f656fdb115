// Bundles the extension into the folder it is given, as JupyterLab loads federated extensions:
// `package.json` names the script, which registers a container in `_JUPYTERLAB`.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(here, process.argv[2]);
const { name, version, description, license } = JSON.parse(
  await readFile(join(here, "package.json"), "utf8"),
);

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/container.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome120", "firefox125", "safari17"],
  define: { EXTENSION: JSON.stringify(name) },
  write: false,
});
const script = outputFiles[0].contents;
// JupyterLab caches by the file's name alone.
const digest = createHash("sha256").update(script).digest("hex").slice(0, 16);
const load = `static/remoteEntry.${digest}.js`;
const about = {
  ...{ name, version, description, license },
  jupyterlab: { extension: true, _build: { load, extension: "./extension" } },
};

await rm(output, { recursive: true, force: true });
await mkdir(join(output, "static"), { recursive: true });
await writeFile(join(output, load), script);
await writeFile(join(output, "package.json"), `${JSON.stringify(about, null, 2)}\n`);
