/** What may be written at the cursor, from the pod schema; pure. */
import { texts } from "../texts";
import { placeAt } from "./place";
import { alternatives, schemasAt, type PodSchema, type Schema } from "./schema";

export interface Suggestion {
  label: string;
  detail: string;
  info: string;
  /** What is put in its place; the cursor goes to its end. */
  insert: string;
}

export interface Suggestions {
  from: number;
  options: Suggestion[];
}

/** Return suggestions; null where nothing can be said. */
export function suggest(text: string, cursor: number, root: PodSchema): Suggestions | null {
  const place = placeAt(text, cursor);
  if (!place) return null;
  if (place.key !== null) {
    const options = schemasAt(root, [...place.path, place.key]).flatMap(valuesOf);
    return options.length > 0 ? { from: place.from, options: unique(options) } : null;
  }
  const here = schemasAt(root, place.path);
  const options = here
    .flatMap((schema) => Object.entries(schema.properties ?? {}))
    .filter(([name]) => !place.siblings.includes(name))
    .map(([name, schema]) => keyOption(name, schema, root, place.column));
  return options.length > 0 ? { from: place.from, options: unique(options) } : null;
}

function keyOption(name: string, schema: Schema, root: PodSchema, column: number): Suggestion {
  const [meant = schema] = alternatives(schema, root);
  const info = schema.description ?? meant.description ?? "";
  const type = typeWords(meant);
  const under = `\n${" ".repeat(column + 2)}`;
  const label = /^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name);
  const insert =
    meant.type === "object"
      ? `${label}:${under}`
      : meant.type === "array"
        ? `${label}:\n${" ".repeat(column)}- `
        : `${label}: `;
  return { label, detail: type, info, insert };
}

function typeWords({ type }: Schema): string {
  const one = Array.isArray(type) ? type.join(" ") : (type ?? "");
  return texts.yaml.types[one] ?? one;
}

function valuesOf(schema: Schema): Suggestion[] {
  const given = [...(schema.const === undefined ? [] : [schema.const]), ...(schema.enum ?? [])];
  const all = given.length === 0 && schema.type === "boolean" ? [true, false] : given;
  return all.map((value) => {
    const label = String(value);
    return { label, detail: "", info: schema.description ?? "", insert: label };
  });
}

function unique(options: Suggestion[]): Suggestion[] {
  return [...new Map(options.map((option) => [option.label, option])).values()];
}
