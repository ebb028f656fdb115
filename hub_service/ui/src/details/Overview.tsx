/** Doors, the idle clock, and the facts of a session. */
import type { ReactNode } from "react";

import type { Session } from "../api/types";
import { boot, serverNow } from "../boot/boot";
import { hasEnded, isLive } from "../live/fits";
import { Doors } from "../list/cells/Doors";
import { driveWords, sizeWords } from "../list/words";
import { endSentence } from "../status/end-sentence";
import { Evidence } from "../status/Evidence";
import { NextStep } from "../status/StatusDialog";
import { useStartNews } from "../status/useStartNews";
import { texts } from "../texts";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { When } from "../ui/When";
import { paths } from "../url/routes";
import { Clock } from "./Clock";

export function Overview({ session }: { session: Session }) {
  return (
    <>
      {hasEnded(session) && <Cause session={session} />}
      {isLive(session) && (
        <div className="mb-3">
          <Doors session={session} />
        </div>
      )}
      {session.state === "running" && <Clock session={session} />}
      <Facts session={session} />
    </>
  );
}

export function Cause({ session }: { session: Session }) {
  const isFailed = session.status === "failed";
  return (
    <>
      <div className={`cause ${isFailed ? "cause-failed" : ""}`}>
        <p>
          <Text>{endSentence(session, serverNow()) ?? texts.status.ended}</Text>
        </p>
        <NextStep session={session} withEvidence={isFailed} />{" "}
        <LayerLink to={paths.status(session.id)} className="btn btn-outline-secondary">
          {texts.status.see}
        </LayerLink>
      </div>
      {isFailed && <LastNews id={session.id} />}
    </>
  );
}

/** The sentence of a failure says that its last lines are below. */
function LastNews({ id }: { id: string }) {
  return <Evidence news={useStartNews(id).news} />;
}

function Facts({ session }: { session: Session }) {
  const size = sizeWords(session.resources);
  const isRenamedServer = session.server !== session.id;
  const { details: t } = texts;
  return (
    <dl className="facts">
      <Fact name={t.environment}>
        <Text>{session.environment_title}</Text>
      </Fact>
      {size && <Fact name={t.size}>{size}</Fact>}
      {session.image && (
        <Fact name={t.image}>
          <Text>{session.image}</Text>
        </Fact>
      )}
      <Fact name={t.drives}>
        <ul className="list-unstyled mb-0">
          <li>
            <Text>{driveWords(session, boot.me.name)}</Text> · {t.home}
          </li>
          {session.extra_drives.map((extra) => (
            <li key={extra.path}>
              <Text>{extra.drive}</Text> · <Text>{extra.path}</Text>
              {extra.read_only && ` · ${t.readOnly}`}
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name={t.created}>
        <When at={session.created_at} />
      </Fact>
      {session.ended_at && (
        <Fact name={t.ended}>
          <When at={session.ended_at} />
        </Fact>
      )}
      <Fact name={t.origin}>
        {texts.origin[session.origin]}{" "}
        {session.parent && (
          <LayerLink to={paths.details(session.parent)}>
            <code>{session.parent}</code>
          </LayerLink>
        )}
      </Fact>
      {isRenamedServer && (
        <Fact name={t.server}>
          <code>{session.server === "" ? '""' : session.server}</code>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
