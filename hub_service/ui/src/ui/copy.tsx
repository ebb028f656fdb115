/** Copying, also on plain-HTTP hubs, where browsers have no clipboard: then a selected text field. */
import { useCallback } from "react";

import { texts } from "../texts";
import { Icon } from "./Icon";
import { useNotices } from "./Notices";

export function useCopy(): (text: string) => void {
  const { say } = useNotices();
  return useCallback(
    (text: string) => {
      void copyText(text).then((isCopied) => {
        say(isCopied ? copiedWords(text) : `${texts.copyByHand} ${text}`);
      });
    },
    [say],
  );
}

function copiedWords(text: string): string {
  const lines = text.split("\n").length;
  if (lines > 1) return texts.copiedLines(lines);
  return texts.copied(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  const focused = document.activeElement as HTMLElement | null;
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isCopied;
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const copy = useCopy();
  return (
    <button
      type="button"
      className="btn btn-icon btn-inline"
      aria-label={label}
      title={label}
      onClick={() => {
        copy(text);
      }}
    >
      <Icon name="copy" />
    </button>
  );
}
