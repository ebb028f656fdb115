/** The facts of a session: what it runs, on which drives, and what it was given beside them. */
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { driveWords, sizeWords } from "../list/words";
import { texts } from "../texts";
import { exactWords } from "../time/words";
import { CopyButton } from "../ui/copy";
import { LayerLink } from "../ui/LayerLink";
import { Text } from "../ui/Text";
import { When } from "../ui/When";
import { paths } from "../url/routes";
import { attachedLines } from "./attached";
import { Fact } from "./Fact";
import { Ports } from "./Ports";

const { details: t } = texts;

export function Facts({ session }: { session: Session }) {
  return (
    <dl className="facts">
      <Runs session={session} />
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
      <Ports session={session} />
      {attachedLines(session).map(({ name, words }) => (
        <Fact key={name} name={name}>
          <Text>{words}</Text>
        </Fact>
      ))}
      <Copied name={t.billingProject} text={session.billing_project} />
      <Visibility session={session} />
      <Comes session={session} />
    </dl>
  );
}

function Runs({ session }: { session: Session }) {
  const size = sizeWords(session.resources);
  return (
    <>
      <Fact name={t.environment}>
        <Text>{session.environment_title}</Text>
        {session.environment_retired && ` · ${texts.list.retired}`}
      </Fact>
      {size && <Fact name={t.size}>{size}</Fact>}
      <Copied name={t.image} text={session.image} />
    </>
  );
}

/** Sharing comes later: until then a session is its owner's alone. */
function Visibility({ session: { visibility, owner } }: { session: Session }) {
  if (visibility.level !== "private") return null;
  const isMine = owner === boot.me.name;
  return <Fact name={t.visibility}>{isMine ? t.onlyYou : <Text>{t.onlyOwner(owner)}</Text>}</Fact>;
}

/** When it was started, from what, and as what the hub knows it. */
function Comes({ session }: { session: Session }) {
  const { created_at, ended_at, origin, parent, server, id } = session;
  return (
    <>
      <Moment name={t.created} at={created_at} />
      {ended_at && <Moment name={t.ended} at={ended_at} />}
      <Fact name={t.origin}>
        {texts.origin[origin]}{" "}
        {parent && (
          <>
            <LayerLink to={paths.details(parent)}>
              <code>{parent}</code>
            </LayerLink>
            <CopyButton text={parent} label={t.copyOf(t.id, parent)} />
          </>
        )}
      </Fact>
      {server !== id && <Copied name={t.server} text={server === "" ? '""' : server} />}
    </>
  );
}

/** The exact time too: what a pointer finds in the list is read here without one. */
function Moment({ name, at }: { name: string; at: string }) {
  return (
    <Fact name={name}>
      <When at={at} /> <small className="d-block text-body-secondary">{exactWords(at)}</small>
    </Fact>
  );
}

function Copied({ name, text }: { name: string; text: string | null }) {
  if (!text) return null;
  return (
    <Fact name={name}>
      <Text>{text}</Text>
      <CopyButton text={text} label={t.copyOf(name, text)} />
    </Fact>
  );
}
