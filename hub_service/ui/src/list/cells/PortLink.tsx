/** An opened port: a link for its owner while the session runs, else its words. */
import type { Port, Session } from "../../api/types";
import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import { safeHref } from "../../ui/links";
import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";
import { portHref, portWords } from "../words";

export function PortLink({ session, port }: { session: Session; port: Port }) {
  // Somebody else's answers to its owner alone, until it can be shared.
  const isMine = session.owner === boot.me.name;
  const href = isMine ? safeHref(portHref(session, port)) : null;
  if (!href) return <Text>{portWords(port)}</Text>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={texts.details.openPort(visible(portWords(port)), visible(session.name))}
    >
      <Text>{portWords(port)}</Text>
    </a>
  );
}
