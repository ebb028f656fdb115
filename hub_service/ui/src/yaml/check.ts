/** The server's word on YAML, and all problems of a text together; pure. */
import type { Check, LaunchRequest, Preview } from "../api/types";
import { texts } from "../texts";
import { isBlank } from "./blank";
import { parse } from "./parse";
import { rangeOfLine, type Problem } from "./problem";
import { wholePod, type PodSchema } from "./schema";
import { shapeProblems } from "./shape";

export type YamlField = "pod_overrides" | "pod_spec";

/** What is wrong with the text in itself, known without the server. */
export function ownProblems(text: string, field: YamlField, schema: PodSchema | null): Problem[] {
  if (field === "pod_spec" && isBlank(text)) return [nowhere(texts.yaml.noSpec, "error")];
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
  return nowhere(field ? `${texts.yaml.elsewhere(field)}: ${message}` : message, "warning");
}

/** A problem without a place in the text. */
function nowhere(message: string, level: Problem["level"]): Problem {
  return { from: 0, to: 0, line: null, rule: "", path: "", message, level, fixes: [] };
}

/** The request with this YAML in it; an empty text is none. */
export function withYaml(request: LaunchRequest, field: YamlField, text: string): LaunchRequest {
  const { environment, idle_timeout, drive, ...others } = request;
  const rest = Object.entries(others).filter(([name]) => !FIELDS.includes(name));
  const bare = { environment, idle_timeout, drive, ...Object.fromEntries(rest) };
  return isBlank(text) ? bare : { ...bare, [field]: text };
}

/** What is asked for the pod of a request with this YAML in it. */
export function podBody(request: LaunchRequest, field: YamlField, text: string): string {
  return JSON.stringify({ ...withYaml(request, field, text), pod: true });
}

const FIELDS: readonly string[] = ["pod_overrides", "pod_spec"] satisfies YamlField[];
