/** What the menu of a session offers, in its order (page.md, section 4); pure. */
import type { Session } from "../api/types";
import { isLive, isPending } from "../live/fits";

export type EntryKey =
  | "open"
  | "details"
  | "story"
  | "clone"
  | "keep"
  | "rename"
  | "restart"
  | "copyLink"
  | "cancelStart"
  | "stop";

export interface Entry {
  key: EntryKey;
  /** Why it cannot be done; then it is shown disabled. */
  reason?: string | undefined;
}

/** One's own sessions offer everything, with the reason why not; others' what the visitor may do. */
export function entriesFor(session: Session, me: string): Entry[] {
  if (session.owner === me) return isLive(session) ? ofOwnActive(session) : ofOwnPast(session);
  return isLive(session) ? ofOthersActive(session) : ofOthersPast(session);
}

function ofOwnActive(session: Session): Entry[] {
  return [
    { key: "details" },
    entry(session, "clone"),
    ...(session.state === "running" ? [entry(session, "keep")] : []),
    entry(session, "rename"),
    { key: "copyLink" },
    stopOf(session),
  ];
}

function ofOwnPast(session: Session): Entry[] {
  return [
    { key: "story" },
    entry(session, "clone"),
    entry(session, "restart"),
    { key: "copyLink" },
  ];
}

function ofOthersActive(session: Session): Entry[] {
  const keep = session.state === "running" ? [entry(session, "keep")] : [];
  return [
    entry(session, "open"),
    entry(session, "clone"),
    ...[...keep, entry(session, "rename")].filter(isAllowed),
    { key: "copyLink" },
    ...[stopOf(session)].filter(isAllowed),
  ];
}

function ofOthersPast(session: Session): Entry[] {
  return [
    entry(session, "clone"),
    ...[entry(session, "restart")].filter(isAllowed),
    { key: "copyLink" },
  ];
}

function stopOf(session: Session): Entry {
  const { reason } = entry(session, "stop");
  return { key: isPending(session) ? "cancelStart" : "stop", reason };
}

/** The entry with the sentence why not, or none when it is allowed or the service says nothing. */
function entry({ allowed }: Session, key: EntryKey): Entry {
  const said = allowed[key === "keep" ? "extend" : key];
  return { key, reason: typeof said === "string" ? said : undefined };
}

function isAllowed({ reason }: Entry): boolean {
  return reason === undefined;
}
