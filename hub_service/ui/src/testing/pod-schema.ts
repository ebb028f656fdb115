/** A pod schema as the service answers it by default, cut short; for the tests. */
import type { PodSchema } from "../yaml/schema";

const env = { name: { type: "string" }, value: { type: "string", description: "Its value." } };

export const SCHEMA: PodSchema = {
  type: "object",
  properties: {
    metadata: {
      type: "object",
      properties: {
        labels: {
          type: "object",
          patternProperties: { "^user\\.x\\/.*$": { type: "string" }, "^x\\/.*$": false },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    spec: {
      type: "object",
      properties: {
        priorityClassName: { type: "string", enum: ["low", "lower"] },
        containers: {
          type: "array",
          items: {
            anyOf: [
              {
                type: "object",
                properties: {
                  name: { type: "string", const: "notebook" },
                  env: { type: "array", items: { type: "object", properties: env } },
                  resources: { $ref: "#/$defs/ResourceRequirements" },
                  tty: { type: "boolean" },
                },
                additionalProperties: false,
              },
            ],
          },
        },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
  $defs: {
    Pod: {
      type: "object",
      properties: {
        kind: { type: "string" },
        metadata: {
          type: "object",
          properties: { labels: { type: "object", additionalProperties: { type: "string" } } },
        },
        spec: { $ref: "#/$defs/PodSpec" },
      },
      additionalProperties: false,
    },
    PodSpec: {
      type: "object",
      properties: {
        hostNetwork: { type: "boolean" },
        priorityClassName: { type: "string" },
        containers: { type: "array", items: { $ref: "#/$defs/Container" } },
      },
      additionalProperties: false,
    },
    Container: {
      type: "object",
      properties: {
        name: { type: "string" },
        image: { type: "string" },
        stdin: { type: "boolean" },
        env: { type: "array", items: { type: "object", properties: env } },
        resources: { $ref: "#/$defs/ResourceRequirements" },
      },
      additionalProperties: false,
    },
    ResourceRequirements: {
      type: "object",
      properties: {
        limits: { type: "object", additionalProperties: { type: ["string", "number"] } },
      },
      additionalProperties: false,
    },
  },
};
