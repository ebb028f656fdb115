/**
 * What unquoted words of YAML mean to Kubernetes (YAML 1.1 as `kubectl` reads it): the same as
 * `policy/plain_scalars.py`. `y`, `yes`, `on` are booleans, `010` is 8, dates are text; pure.
 */
export type Plain = string | number | boolean | null;

const WORDS = new Map<string, boolean | null>();
for (const [meaning, words] of [
  [true, ["y", "yes", "on", "true"]],
  [false, ["n", "no", "off", "false"]],
  [null, ["", "~", "null"]],
] as const) {
  for (const word of words) {
    const title = word.charAt(0).toUpperCase() + word.slice(1);
    for (const form of [word, title, word.toUpperCase()]) WORDS.set(form, meaning);
  }
}
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FRACTION = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const BASES = [16, 2, 8, 10];

/** Return what an unquoted word stands for. */
export function resolvePlain(text: string): Plain {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.startsWith(".")
    ? text.replace(/(?<=[0-9])_(?=[0-9])/g, "")
    : text.replaceAll("_", "");
  const match = text.startsWith(".") ? null : INTEGER.exec(digits);
  if (match) {
    const at = match.slice(2).findIndex((part) => part !== undefined);
    const value = parseInt(match[at + 2] ?? "0", BASES[at]);
    return match[1] === "-" ? -value : value;
  }
  return FRACTION.test(digits) ? Number(digits) : text;
}

/** Whether a word is a boolean only to YAML 1.1, which many people do not expect. */
export function isUnexpectedBoolean(text: string): boolean {
  return typeof WORDS.get(text) === "boolean" && !/^(true|false)$/i.test(text);
}
