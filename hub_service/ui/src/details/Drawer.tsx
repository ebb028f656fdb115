/** The details of a session beside the list, which stays usable; Esc closes it. */
import { useEffect, useRef, type RefObject } from "react";

import { useActions, useIsBusy } from "../actions/Actions";
import { useSession } from "../api/useSession";
import type { Session } from "../api/types";
import { boot } from "../boot/boot";
import { belongsTo, hasEnded, isLive, isPending } from "../live/fits";
import { readyWords } from "../status/Progress";
import { texts } from "../texts";
import { closeLayer, replaceLayer, useHere } from "../url/location";
import { paths, type DetailsPart } from "../url/routes";
import { ActionsMenu } from "../list/ActionsMenu";
import { StatusBadge, StatusChips } from "../list/cells/StatusCell";
import { sizeWords } from "../list/words";
import { CopyButton } from "../ui/copy";
import { Absent } from "../status/Absent";
import { Act } from "../ui/Act";
import { useEscape } from "../ui/escape";
import { useReturnFocus } from "../ui/focus";
import { Icon } from "../ui/Icon";
import { visible } from "../ui/visible";
import { Conflict } from "./Conflict";
import { Rename } from "./Rename";
import { shownParts } from "./parts";

export function Drawer({ id, part }: { id: string; part: DetailsPart }) {
  const { data: session, failureReason } = useSession(id);
  const aside = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useReturnFocus(id);
  useTabOf(session);
  useFirstFocus(aside, heading, session !== undefined);
  useEscape(closeLayer);
  const name = visible(session?.name ?? id);
  return (
    <aside ref={aside} className="drawer" aria-label={texts.details.of(name)}>
      <header className="drawer-head">
        <div className="drawer-title">
          <h2 className="h5 mb-0 text-break" ref={heading} tabIndex={-1}>
            {session ? <Rename session={session} /> : name}
          </h2>
          {session && <StatusBadge status={session.status} />}
          {session && <StatusChips session={session} />}
        </div>
        <span className="d-flex align-items-start">
          {session && <Stop session={session} />}
          {session && <ActionsMenu session={session} />}
          <button type="button" className="btn btn-icon" onClick={closeLayer}>
            <Icon name="close" />
            <span className="visually-hidden">{texts.close}</span>
          </button>
        </span>
      </header>
      {session && <Conflict session={session} />}
      {session ? (
        <Body session={session} part={part} />
      ) : (
        <div className="drawer-body">
          <Absent why={failureReason} />
        </div>
      )}
    </aside>
  );
}

function Body({ session, part }: { session: Session; part: DetailsPart }) {
  const ready = readyWords(session);
  const size = sizeWords(session.resources);
  return (
    <div className="drawer-body">
      <p className="parts text-body-secondary small">
        <span>
          <code>{session.id}</code>
          <CopyButton text={session.id} label={texts.list.copyId(session.name)} />
        </span>
        <span className="text-break">{visible(session.email ?? session.owner)}</span>
        <span className="text-break">{visible(session.environment_title)}</span>
        {size && <span>{size}</span>}
        {ready && <span>{texts.details.readyAfter(ready)}</span>}
      </p>
      <Parts session={session} part={part} />
    </div>
  );
}

/** The main thing that can be done to a live session; on a narrow screen the menu has it. */
function Stop({ session }: { session: Session }) {
  const { stop } = useActions();
  const isBusy = useIsBusy(session.id);
  if (!isLive(session) || session.allowed.stop !== true) return null;
  return (
    <Act
      className="btn-sm btn-outline-danger d-none d-md-block"
      isBusy={isBusy}
      onClick={() => {
        stop(session);
      }}
    >
      {isPending(session) ? texts.actions.cancelStart : texts.actions.stop}
    </Act>
  );
}

/** The tabs of the details, and the part that the address asks for, if it is shown. */
function Parts({ session, part }: { session: Session; part: DetailsPart }) {
  const parts = shownParts(session, boot.me);
  const chosen = parts.find((each) => each.part === part) ?? parts[0];
  if (!chosen) return null;
  return (
    <>
      <nav className="nav nav-underline mb-3" aria-label={texts.details.partsLabel}>
        {parts.map((each) => (
          <button
            key={each.part}
            type="button"
            className={`nav-link ${each === chosen ? "active" : ""}`}
            aria-current={each === chosen ? "page" : undefined}
            onClick={() => {
              replaceLayer(paths.part(session.id, each.part));
            }}
          >
            {each.title}
          </button>
        ))}
      </nav>
      <chosen.Body key={chosen.part} session={session} />
    </>
  );
}

/** Opened by its address: the tab under the drawer follows from the session's state. */
function useTabOf(session: Session | undefined): void {
  const { tabIsKnown, tab, place } = useHere();
  useEffect(() => {
    if (tabIsKnown || !session || place.at !== "details") return;
    const right = hasEnded(session) && !belongsTo("active", session) ? "history" : "active";
    if (right !== tab) replaceLayer(paths.part(place.id, place.part), right);
  }, [tabIsKnown, tab, session, place]);
}

/** On the heading, or on the new name; and on what keeps it longer, once, when that is asked for. */
function useFirstFocus(
  aside: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  isKnown: boolean,
): void {
  const isKeepAsked = new URLSearchParams(useHere().search).has("keep");
  useEffect(() => {
    if (!heading.current?.contains(document.activeElement)) heading.current?.focus();
  }, [heading]);
  useEffect(() => {
    if (!isKeepAsked || !isKnown) return;
    aside.current?.querySelector<HTMLElement>("[data-keep] button")?.focus();
  }, [aside, isKeepAsked, isKnown]);
}
