/** The item in the status bar: a link with the session's name. */
import type { Session } from "./session";

export interface Item {
  node: HTMLElement;
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

  const node = document.createElement("div");
  node.className = "sessions-StatusItem jp-mod-highlighted";
  node.style.display = "flex";
  node.append(link);
  return { node };
}
