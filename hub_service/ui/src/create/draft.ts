/** Half-filled forms, kept in this browser for a day, without values of variables. */
import { DRAFTS } from "../boot/logout";
import { forgetSent, sentFrom } from "../start/sent";
import { makeLater } from "../ui/later";
import { parseDraft, withDraft, withoutDraft, type Draft } from "./draft-text";

/** Drafts are written a moment after the last key, so that no key waits for it. */
export const draftLater = makeLater(200);

export function loadDraft(source: string): Draft | null {
  try {
    return parseDraft(localStorage.getItem(DRAFTS), source, Date.now());
  } catch {
    return null;
  }
}

export function keepDraft(draft: Draft): void {
  change((text) => withDraft(text, draft, Date.now()));
}

export function dropDraft(source: string): void {
  draftLater.forget();
  change((text) => withoutDraft(text, source, Date.now()));
}

function change(write: (text: string | null) => string): void {
  try {
    const text = write(localStorage.getItem(DRAFTS));
    if (text === "{}") localStorage.removeItem(DRAFTS);
    else localStorage.setItem(DRAFTS, text);
  } catch {
    // Without storage a draft lives as long as the form is open.
  }
}

/** The key for a body: the one it was sent with before, also if the page was loaded anew meanwhile. */
export function keyFor({ values, source }: Draft, body: string): string {
  const sent = sentFrom(source, body, loadDraft(source)?.sent);
  keepDraft({ values, source, sent });
  return sent.key;
}

/** It made a session: the same body again makes another one. */
export function forgetKey(source: string): void {
  forgetSent(source);
  const draft = loadDraft(source);
  if (draft?.sent) keepDraft({ ...draft, sent: null });
}
