/** The item in the status bar: a link with the session's name, and a place for its clock. */
import type { Session } from "./session";

export interface Item {
  node: HTMLElement;
  /** Say when the session stops; an empty text says nothing. */
  sayClock: (words: string) => void;
}

export function makeItem({ name, details }: Session): Item {
  const link = document.createElement("a");
  link.href = details;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.className = "jp-StatusBar-TextItem";
  link.textContent = `Session: ${name}`;
  link.title = "Open the details of this session on the Sessions page";
  Object.assign(link.style, { color: "inherit", textDecoration: "underline" });

  const clock = document.createElement("span");
  clock.className = "jp-StatusBar-TextItem";
  clock.hidden = true;

  const node = document.createElement("div");
  node.className = "sessions-StatusItem jp-mod-highlighted";
  node.style.display = "flex";
  node.append(link, clock);
  return {
    node,
    sayClock: (words) => {
      clock.hidden = words === "";
      clock.textContent = words;
    },
  };
}
