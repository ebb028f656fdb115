// The sizes of page.md section 20, gzip, over the built files; run after `npm run build`.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const OUT = new URL("../../sessions_service/web/static/app/", import.meta.url);
const BUDGET = { first: 130, form: 50, editor: 200, css: 6 };

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", OUT), "utf8"));

/** The files of an entry with everything that it loads at once. */
function filesOf(key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const { file, imports = [] } = manifest[key];
  return [file, ...imports.flatMap((each) => filesOf(each, seen))];
}

function kilobytes(files) {
  const sizes = files.map(
    (file) => gzipSync(readFileSync(new URL(file, OUT)), { level: 9 }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

const first = filesOf("src/main.tsx");
const form = filesOf("src/create/CreateDialog.tsx").filter((file) => !first.includes(file));
const editor = ["YamlDialog", "OwnSpec", "PodTab"]
  .map((name) => `src/yaml/${name}.tsx`)
  .filter((key) => key in manifest)
  .flatMap((key) => filesOf(key))
  .filter((file, at, all) => all.indexOf(file) === at && !first.includes(file));
const css = Object.values(manifest).flatMap((entry) => entry.css ?? []);
const measured = {
  first: kilobytes(first),
  form: kilobytes(form),
  editor: kilobytes(editor.filter((file) => !form.includes(file))),
  css: kilobytes(css),
};

for (const [name, size] of Object.entries(measured)) {
  const isOver = size > BUDGET[name];
  process.stdout.write(
    `${name}: ${size.toFixed(1)} of ${BUDGET[name]} kB${isOver ? " TOO LARGE" : ""}\n`,
  );
  if (isOver) process.exitCode = 1;
}
