/** The facts of a session: what it runs, on which drives, and what it was given beside them. */
import type { ReactNode } from "react";

import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { driveWords, sizeWords } from "../list/words";
import { texts } from "../texts";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { When } from "../ui/When";
import { paths } from "../url/routes";
import { attachedLines } from "./attached";

const { details: t } = texts;

export function Facts({ session }: { session: Session }) {
  const size = sizeWords(session.resources);
  const isRenamedServer = session.server !== session.id;
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
      {attachedLines(session).map(({ name, words }) => (
        <Fact key={name} name={name}>
          <Text>{words}</Text>
        </Fact>
      ))}
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
