/** A half-filled form, kept in this browser for a day, without values of variables. */
import type { LaunchRequest } from "../api/types";
import { boot } from "../boot/boot";
import { without, type FormValues } from "./form";

export interface Draft {
  values: FormValues;
  rest: Partial<LaunchRequest>;
  /** The clone or link that the draft began from, "" for a plain new session. */
  source: string;
}

const KEY = `sessions.v1.${boot.me.name}.draft`;
const DAY = 86_400_000;

export function loadDraft(source: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as (Draft & { at: number }) | null;
    return kept?.source === source && Date.now() - kept.at < DAY ? kept : null;
  } catch {
    return null;
  }
}

export function keepDraft({ values, rest, source }: Draft): void {
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify({ values, rest: without(rest, ["env"]), source, at: Date.now() }),
    );
  } catch {
    // Without storage the draft lives as long as the form is open.
  }
}

export function dropDraft(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was none.
  }
}
