/** The form's own messages, as far as somebody should see them already. */
import { get, type FormState } from "react-hook-form";

import type { FormValues } from "./values";

type Known = Pick<FormState<FormValues>, "errors" | "touchedFields" | "isSubmitted">;

/**
 * The message of a field: of its own checks only once somebody left it or wanted to send, so that a
 * new row does not start with reproaches.
 */
export function ownMessage(state: Known, path: string): string | undefined {
  const { errors, touchedFields, isSubmitted } = state;
  const error = get(errors, path) as { type?: unknown; message?: unknown } | undefined;
  if (typeof error?.message !== "string") return undefined;
  const isShown = error.type !== "check" || isSubmitted || get(touchedFields, path) !== undefined;
  return isShown ? error.message : undefined;
}

/** The paths of the fields with a message. */
export function wrongPaths(state: Known): string[] {
  return leaves(state.errors, "").filter((path) => ownMessage(state, path) !== undefined);
}

function leaves(errors: object, at: string): string[] {
  return Object.entries(errors).flatMap(([key, value]: [string, unknown]) => {
    const path = at ? `${at}.${key}` : key;
    if (typeof value !== "object" || value === null || key === "ref") return [];
    if ("message" in value) return [path];
    return leaves(value, path);
  });
}
