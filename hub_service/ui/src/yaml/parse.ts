/** YAML of a pod read with its places, as strictly as the server reads it; pure. */
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";

import { texts } from "../texts";
import { resolvePlain, type Plain } from "./plain";
import { lineOf, lineStarts, type Problem } from "./problem";

export interface Parsed {
  /** Null for an empty text, and where it is no YAML. */
  root: Node | null;
  problems: Problem[];
  starts: number[];
}

const MOST_BYTES = 64 * 1024;

/** Return whether a text is longer than the server takes. */
export function isTooLarge(text: string): boolean {
  return new TextEncoder().encode(text).length > MOST_BYTES;
}

export function parse(text: string): Parsed {
  const starts = lineStarts(text);
  const problems: Problem[] = [];
  const say = (message: string, from: number, to = from) => {
    const problem = { from, to, line: lineOf(starts, from), rule: texts.yaml.rules.yaml };
    problems.push({ ...problem, path: "", message, level: "error", fixes: [] });
  };
  if (isTooLarge(text)) {
    say(texts.yaml.tooLarge, 0);
    return { root: null, problems, starts };
  }
  // No words have a meaning of their own here: `resolvePlain` gives them Kubernetes' one.
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false, strict: true });
  for (const { code, message, pos } of document.errors) {
    if (code === "MULTIPLE_DOCS") say(texts.yaml.oneDocument, pos[0], pos[1]);
    else say(texts.yaml.noYaml(message.split("\n")[0]?.replace(/ at line .*$/, "") ?? ""), ...pos);
  }
  if (problems.length === 0) lookAtNodes(document, say);
  if (problems.length === 0 && document.contents && !isMap(document.contents)) {
    if (!isEmpty(document.contents)) say(texts.yaml.notAMapping, ...rangeOf(document.contents));
  }
  const root = problems.length > 0 || !isMap(document.contents) ? null : document.contents;
  return { root, problems, starts };
}

type Say = (message: string, from: number, to?: number) => void;

/** Refuse what the server refuses of YAML: aliases, anchors, tags, merge keys, keys twice. */
function lookAtNodes(document: Document.Parsed, say: Say): void {
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    if (isAlias(node)) say(texts.yaml.alias, ...rangeOf(node));
    else if (node.anchor) say(texts.yaml.anchor, ...rangeOf(node));
    else if (node.tag !== undefined) say(texts.yaml.tag, ...rangeOf(node));
    if (isMap(node)) lookAtKeys(node, say);
  });
}

function lookAtKeys(map: YAMLMap, say: Say): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const range = rangeOf(key as Node);
    if (!isScalar(key)) {
      say(texts.yaml.keyIsNoWord, ...range);
      continue;
    }
    const name = String(key.value);
    if (name === "<<" && key.type === "PLAIN") say(texts.yaml.mergeKey, ...range);
    else if (typeof plainOf(key) !== "string") say(texts.yaml.quoteKey(name), ...range);
    else if (seen.has(name)) say(texts.yaml.keyTwice(name), ...range);
    seen.add(name);
  }
}

/** Return what a scalar means to Kubernetes: quoted it is text, plain it may be more. */
export function plainOf(node: unknown): Plain {
  if (!isScalar(node)) return null;
  const text = String(node.source ?? node.value ?? "");
  return node.type === "PLAIN" || node.type === undefined ? resolvePlain(text) : String(node.value);
}

/** Return where a node stands in the text. */
export function rangeOf(node: Node | null): [number, number] {
  const range = node?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.type === "PLAIN" && plainOf(node) === null;
}

export { isMap, isScalar, isSeq };
export type { Node };
