/** A half-filled form, kept in this browser for a day, without values of variables. */
import { boot } from "../boot/boot";
import { makeLater } from "../ui/later";
import { draftText, parseDraft, type Draft } from "./draft-text";

const KEY = `sessions.v1.${boot.me.name}.draft`;

/** Drafts are written a moment after the last key, so that no key waits for it. */
export const draftLater = makeLater(200);

export function loadDraft(source: string): Draft | null {
  try {
    return parseDraft(localStorage.getItem(KEY), source, Date.now());
  } catch {
    return null;
  }
}

export function keepDraft(draft: Draft): void {
  try {
    localStorage.setItem(KEY, draftText(draft, Date.now()));
  } catch {
    // Without storage the draft lives as long as the form is open.
  }
}

export function dropDraft(): void {
  draftLater.forget();
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was none.
  }
}
