/** The ports of a live session, as links for whoever may follow them. */
import type { Session } from "../api/types";
import { PortLink } from "../list/cells/PortLink";
import { texts } from "../texts";
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
