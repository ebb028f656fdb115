/** The server's word on YAML, and all problems of a text together; pure. */
import type { Check, LaunchRequest, Preview } from "../api/types";
import { texts } from "../texts";
import { parse } from "./parse";
import { rangeOfLine, type Problem } from "./problem";
import { wholePod, type PodSchema } from "./schema";
import { shapeProblems } from "./shape";

export type YamlField = "pod_overrides" | "pod_spec";

/** What is wrong with the text in itself, known without the server. */
export function ownProblems(text: string, field: YamlField, schema: PodSchema | null): Problem[] {
  if (text.trim() === "") return [];
  const parsed = parse(text);
  const whole = schema && wholePod(schema);
  if (parsed.problems.length > 0 || !whole) return parsed.problems;
  return shapeProblems(parsed, whole, field === "pod_overrides");
}

/** The server's checks of a text as problems of it; those of other fields name them. */
export function checkedProblems(
  text: string,
  field: YamlField,
  preview: Preview | undefined,
): Problem[] {
  return (preview?.checks ?? [])
    .filter(({ level }) => level !== "note")
    .map((check) => (check.field === field ? problemOf(text, field, check) : elsewhere(check)));
}

function problemOf(text: string, field: YamlField, check: Check): Problem {
  const { line = null, path, message, rule = "", fixes = [] } = check;
  return {
    ...(line === null ? { from: 0, to: 0 } : rangeOfLine(text, line)),
    line,
    rule,
    path: path ?? "",
    message,
    level: check.level === "error" ? "error" : "warning",
    fixes: fixes.flatMap(({ label, changes }) =>
      field in changes ? [{ label, text: String(changes[field] ?? "") }] : [],
    ),
  };
}

function elsewhere({ field, message }: Check): Problem {
  const words = field ? `${texts.yaml.elsewhere(field)}: ${message}` : message;
  return {
    from: 0,
    to: 0,
    line: null,
    rule: "",
    path: "",
    message: words,
    level: "warning",
    fixes: [],
  };
}

/** The request with this YAML in it; an empty text is none. */
export function withYaml(request: LaunchRequest, field: YamlField, text: string): LaunchRequest {
  const { environment, idle_timeout, drive, ...others } = request;
  const rest = Object.entries(others).filter(([name]) => !FIELDS.includes(name));
  const bare = { environment, idle_timeout, drive, ...Object.fromEntries(rest) };
  return isBlank(text) ? bare : { ...bare, [field]: text };
}

const FIELDS: readonly string[] = ["pod_overrides", "pod_spec"] satisfies YamlField[];

/** Whether a text says nothing: then the request goes without it. */
export function isBlank(text: string): boolean {
  const bare = (each: string) => each.replace(/#.*$/gm, "").replace(/\s+/g, " ").trim();
  return bare(text) === "" || bare(text) === bare(texts.yaml.skeleton);
}
