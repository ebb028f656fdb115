/** The answer of `GET pod-schema`, and the way through it; pure. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema | false>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  $defs?: Record<string, Schema>;
  "x-kubernetes-patch-merge-key"?: string;
}

/** A schema with the definitions that its references mean. */
export interface PodSchema extends Schema {
  $defs?: Record<string, Schema>;
}

/** Return the alternatives that a schema is, with references followed. */
export function alternatives(schema: Schema, root: PodSchema): Schema[] {
  if (schema.anyOf) return schema.anyOf.flatMap((each) => alternatives(each, root));
  const name = schema.$ref?.replace("#/$defs/", "");
  const meant = name === undefined ? undefined : root.$defs?.[name];
  return [meant ? { ...schema, ...meant, ...described(schema) } : schema];
}

function described({ description }: Schema): Schema {
  return description === undefined ? {} : { description };
}

/** Return the schema of a key in a mapping; null where it may not stand. */
export function schemaOfKey(schema: Schema, key: string): Schema | null {
  const own = schema.properties?.[key];
  if (own) return own;
  for (const [pattern, each] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern, "u").test(key)) return each === false ? null : each;
  }
  const others = schema.additionalProperties;
  if (others === false) return null;
  return typeof others === "object" ? others : {};
}

/** Return the schemas of what stands at a path, `null` being a list's entry. */
export function schemasAt(root: PodSchema, path: readonly (string | null)[]): Schema[] {
  let here = alternatives(root, root);
  for (const step of path) {
    const next = here.flatMap((each) => {
      const inner = step === null ? each.items : schemaOfKey(each, step);
      return inner ? [inner] : [];
    });
    here = next.flatMap((each) => alternatives(each, root));
  }
  return here;
}

/** The schema of a whole pod, which knows every field, also those that are closed. */
export function wholePod(root: PodSchema): PodSchema | null {
  const pod = root.$defs?.Pod;
  return pod && root.$defs ? { ...pod, $defs: root.$defs } : null;
}
