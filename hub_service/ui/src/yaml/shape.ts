/** Whether what is written has the shape of a pod: unknown fields and wrong types; pure. */
import { texts } from "../texts";
import { isMap, isScalar, isSeq, plainOf, rangeOf, type Node, type Parsed } from "./parse";
import { isUnexpectedBoolean } from "./plain";
import { lineOf, pathText, type Problem } from "./problem";
import { alternatives, schemaOfKey, type PodSchema, type Schema } from "./schema";

type Path = (string | number)[];

const MOST = 50;
const WANTED: Record<string, string> = {
  string: texts.yaml.wantsText,
  integer: texts.yaml.wantsInteger,
  boolean: texts.yaml.wantsBoolean,
  number: texts.yaml.wantsQuantity,
};

/** Return what is wrong; `isPatch` takes null and `$patch`, as a patch of a pod may have them. */
export function shapeProblems(parsed: Parsed, whole: PodSchema, isPatch: boolean): Problem[] {
  const found: Problem[] = [];
  const say = (message: string, node: Node | null, path: Path) => {
    const [from, to] = rangeOf(node);
    const rule = texts.yaml.rules.shape;
    const line = lineOf(parsed.starts, from);
    found.push({ from, to, line, rule, path: pathText(path), message, level: "error", fixes: [] });
  };

  const look = (node: Node | null, schema: Schema, path: Path): void => {
    const [meant = schema] = alternatives(schema, whole);
    if (found.length >= MOST || (isPatch && isNull(node)) || meant.type === undefined) return;
    if (meant.type === "object") lookInMap(node, meant, path);
    else if (meant.type === "array") lookInList(node, meant, path);
    else lookAtValue(node, meant, path);
  };
  const lookInMap = (node: Node | null, schema: Schema, path: Path) => {
    if (!isMap(node)) {
      if (!isNull(node)) say(texts.yaml.wantsMapping, node, path);
      return;
    }
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : "");
      if (isPatch && name === "$patch") continue;
      const inner = schemaOfKey(schema, name);
      if (inner) look((value ?? null) as Node | null, inner, [...path, name]);
      else say(unknownWords(name, schema), key as Node, [...path, name]);
    }
  };
  const lookInList = (node: Node | null, schema: Schema, path: Path) => {
    if (!isSeq(node)) {
      if (!isNull(node)) say(texts.yaml.wantsList, node, path);
      return;
    }
    node.items.forEach((entry, index) => {
      if (schema.items) look(entry as Node, schema.items, [...path, index]);
    });
  };
  const lookAtValue = (node: Node | null, schema: Schema, path: Path) => {
    const types = [schema.type ?? []].flat();
    const value = isScalar(node) ? plainOf(node) : undefined;
    if (value !== undefined && types.some((type) => fits(value, type))) return;
    const words = types.length > 1 ? texts.yaml.wantsQuantity : WANTED[types[0] ?? ""];
    const written = isScalar(node) && typeof value === "boolean" ? String(node.source) : "";
    const why = isUnexpectedBoolean(written) ? ` ${texts.yaml.isBoolean(written)}` : "";
    say((words ?? "") + why, node, path);
  };

  look(parsed.root, { ...whole, type: "object" }, []);
  return found;
}

function isNull(node: Node | null): boolean {
  return node === null || (isScalar(node) && plainOf(node) === null);
}

function fits(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function unknownWords(name: string, schema: Schema): string {
  const near = nearest(name, Object.keys(schema.properties ?? {}));
  return near ? texts.yaml.didYouMean(name, near) : texts.yaml.noSuchField(name);
}

/** Return the name that differs by at most two letters; null if there is none. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length < 3 || name.length > 60) return null;
  const wanted = name.toLowerCase();
  const rated = known.map((each) => ({ each, off: distance(wanted, each.toLowerCase()) }));
  const best = rated.sort((a, b) => a.off - b.off)[0];
  return best && best.off <= 2 ? best.each : null;
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? Infinity;
}
