/** Whether YAML says nothing; pure, and without the editor's parts. */
import { texts } from "../texts";

/** Only comments and space, or the beginning that the editor gives: the request goes without it. */
export function isBlank(text: string): boolean {
  const bare = (each: string) => each.replace(/#.*$/gm, "").replace(/\s+/g, " ").trim();
  return bare(text) === "" || bare(text) === bare(texts.yaml.skeleton);
}
