/** What stands in each column of a row. */
import type { ComponentType } from "react";

import type { Session } from "../../api/types";
import { isLive } from "../../live/fits";
import { boot, serverNow } from "../../boot/boot";
import { texts } from "../../texts";
import { useWords } from "../../time/now";
import { durationWords } from "../../time/words";
import { CopyButton } from "../../ui/copy";
import { LayerLink } from "../../ui/LayerLink";
import { Text } from "../../ui/Text";
import { Tip } from "../../ui/Tip";
import { visible } from "../../ui/visible";
import { When } from "../../ui/When";
import { paths, type Tab } from "../../url/routes";
import type { ColumnKey } from "../columns";
import { driveWords, sizeWords, stopsWords, usedWords } from "../words";
import { Doors } from "./Doors";
import { PortLink } from "./PortLink";
import { EndCell, OverCell } from "./EndCell";
import { StatusCell } from "./StatusCell";

export interface CellProps {
  session: Session;
  tab: Tab;
  /** The session left this tab; its row stays until the list is loaded anew. */
  isOver: boolean;
  isGone: boolean;
  isMine: boolean;
}

export const CELLS: Record<Exclude<ColumnKey, "id">, ComponentType<CellProps>> = {
  access: ({ session, isOver, isGone }) =>
    isOver ? <OverCell session={session} isGone={isGone} /> : <Doors session={session} />,
  status: StatusCell,
  ended_because: EndCell,
  drive: DriveCell,
  environment: EnvironmentCell,
  stops: StopsCell,
  image: ({ session }) => <Copyable text={session.image} />,
  email: ({ session }) => <Copyable text={session.email ?? session.owner} />,
  billing_project: ({ session }) => <Copyable text={session.billing_project} />,
  service_account: ({ session }) => <Copyable text={session.service_account} />,
  start: ({ session }) => <When at={session.started_at ?? session.created_at} />,
  end: ({ session }) => <When at={session.ended_at} />,
  ports: PortsCell,
  duration: DurationCell,
  origin: OriginCell,
  size: SizeCell,
};

function Copyable({ text }: { text: string | null }) {
  if (!text) return <>{texts.ago.never}</>;
  return (
    <span className="copyable">
      <Text>{text}</Text>
      <CopyButton text={text} label={`${texts.copy} ${text}`} />
    </span>
  );
}

export function DriveCell({ session }: { session: Session }) {
  const more = session.extra_drives.length;
  const name = <Text>{driveWords(session, boot.me.name)}</Text>;
  // Only one's own drives are on the screen that the link leads to.
  const isOwn = session.owner === boot.me.name;
  return (
    <>
      {isOwn ? <LayerLink to={paths.drives(session.drive)}>{name}</LayerLink> : name}
      {more > 0 && (
        <>
          {" "}
          <Tip text={session.extra_drives.map(({ drive }) => visible(drive)).join(", ")}>
            {(tip) => (
              <LayerLink
                to={paths.details(session.id)}
                className="small"
                label={texts.list.moreDrivesNamed(more)}
                describedBy={tip}
              >
                {texts.list.moreDrives(more)}
              </LayerLink>
            )}
          </Tip>
        </>
      )}
    </>
  );
}

interface EnvironmentCellProps {
  session: Session;
  isOneLine?: boolean;
}

export function EnvironmentCell({ session, isOneLine = false }: EnvironmentCellProps) {
  const size = sizeWords(session.resources);
  return (
    <>
      <Text>{session.environment_title}</Text>
      {session.environment_retired && (
        <>
          {" "}
          <span className="badge bg-secondary-subtle text-secondary-emphasis">
            {texts.list.retired}
          </span>
        </>
      )}
      {size && !isOneLine && (
        <small className="d-block text-body-secondary text-nowrap">{size}</small>
      )}
      {size && isOneLine && ` · ${size}`}
    </>
  );
}

export function StopsCell({ session }: { session: Session }) {
  return <>{useWords((now) => stopsWords(session, now))}</>;
}

function DurationCell({ session }: { session: Session }) {
  const words = useWords(() => {
    const from = Date.parse(session.started_at ?? session.created_at);
    const to = session.ended_at ? Date.parse(session.ended_at) : serverNow();
    return durationWords(Math.floor((to - from) / 60_000) * 60 || (to - from) / 1000, true);
  });
  return <>{words}</>;
}

function OriginCell({ session }: { session: Session }) {
  const { origin, parent } = session;
  return (
    <>
      {texts.origin[origin]}{" "}
      {parent && (
        <LayerLink to={paths.details(parent)}>
          <code>{parent}</code>
        </LayerLink>
      )}
    </>
  );
}

/** "8080 api, 9000"; while it runs they are links. */
function PortsCell({ session }: { session: Session }) {
  if (session.ports.length === 0) return <>{texts.ago.never}</>;
  return (
    <ul className="list-inline mb-0">
      {session.ports.map((port) => (
        <li key={`${port.number}${port.protocol ?? ""}`} className="list-inline-item">
          <PortLink session={session} port={port} />
        </li>
      ))}
    </ul>
  );
}

/** The size it was given and, while it runs and somebody measures, the memory it takes now. */
function SizeCell({ session }: { session: Session }) {
  const used = isLive(session) ? usedWords(session) : "";
  return (
    <>
      {sizeWords(session.resources) || texts.ago.never}
      {used && <small className="d-block text-body-secondary">{used}</small>}
    </>
  );
}
