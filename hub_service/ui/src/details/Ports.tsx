/** The ports of a live session, as links for whoever may follow them. */
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { portHref, portWords } from "../list/words";
import { texts } from "../texts";
import { safeHref } from "../ui/links";
import { Text } from "../ui/Text";
import { visible } from "../ui/visible";
import { Fact } from "./Fact";

export function Ports({ session }: { session: Session }) {
  if (session.ports.length === 0 || !session.urls) return null;
  return (
    <Fact name={texts.details.ports}>
      <ul className="list-unstyled mb-0">
        {session.ports.map((port) => (
          <li key={`${port.number} ${port.protocol ?? "TCP"}`}>
            <PortLink session={session} port={port} />
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function PortLink({ session, port }: { session: Session; port: Session["ports"][number] }) {
  const isMine = session.owner === boot.me.name;
  const href = isMine ? safeHref(portHref(session, port)) : null;
  if (!href) return <Text>{portWords(port)}</Text>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={texts.details.openPort(port.number, visible(session.name))}
    >
      <Text>{portWords(port)}</Text>
    </a>
  );
}
