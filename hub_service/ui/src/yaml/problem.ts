/** What is wrong with a text: where, whose rule it is, and what would mend it; pure. */
export interface Fix {
  label: string;
  /** The whole text after it; "" when nothing is left. */
  text: string;
}

export interface Problem {
  from: number;
  to: number;
  /** From 1; null where no line is to blame. */
  line: number | null;
  /** In words, such as "‘baseline’". */
  rule: string;
  path: string;
  message: string;
  level: "error" | "warning";
  fixes: Fix[];
}

/** Return the start of each line of a text. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Return the line (from 1) of a place in a text. */
export function lineOf(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** Return the range of what is written on a line (from 1), without the space around it. */
export function rangeOfLine(text: string, line: number): { from: number; to: number } {
  const starts = lineStarts(text);
  const start = starts[Math.min(line, starts.length) - 1] ?? 0;
  const written = /^[^\n]*/.exec(text.slice(start))?.[0] ?? "";
  const from = start + (written.length - written.trimStart().length);
  return { from, to: Math.max(from, start + written.trimEnd().length) };
}

/** Return a path as the server writes it: `spec.containers[1].image`, `labels["a/b"]`. */
export function pathText(path: readonly (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join("").replace(/^\./, "");
}
