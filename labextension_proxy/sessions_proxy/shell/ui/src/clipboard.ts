// Copy and paste by keys: Ctrl+C copies while something is selected, else it interrupts as ever.
import type { Terminal } from "@xterm/xterm";

function isCopy(event: KeyboardEvent): boolean {
  if (event.metaKey || event.altKey) return false;
  return event.ctrlKey && (event.code === "KeyC" || event.code === "Insert");
}

function isBrowsersPaste(event: KeyboardEvent): boolean {
  if (event.metaKey || event.altKey) return false;
  if (event.code === "Insert") return event.shiftKey && !event.ctrlKey;
  return event.ctrlKey && event.code === "KeyV";
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else document.execCommand("copy");
}

/** Let the usual keys copy and paste; return by `false` that the shell does not get the key. */
export function handleClipboardKeys(terminal: Terminal): void {
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== "keydown") return true;
    if (isCopy(event) && (terminal.hasSelection() || event.shiftKey)) {
      if (terminal.hasSelection()) {
        void copy(terminal.getSelection());
        if (!event.shiftKey) terminal.clearSelection();
      }
      event.preventDefault();
      return false;
    }
    return !isBrowsersPaste(event);
  });
}
