/** Text from people and programs, with hidden characters shown as escapes. */
import { visible } from "./visible";

export function Text({ children }: { children: string }) {
  return <>{visible(children)}</>;
}
