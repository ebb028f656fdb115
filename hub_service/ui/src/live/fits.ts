/** Whether a session belongs to a tab and passes its filters, as the service decides it. */
import type { Me, Session, State } from "../api/types";
import type { ListQuery } from "../url/list-query";
import type { Tab } from "../url/routes";

const ACTIVE: readonly State[] = ["created", "starting", "provisioning", "running", "stopping"];
const HISTORY: readonly State[] = ["stopping", "stopped", "failed", "archived"];

/** `stopping` belongs to both tabs. */
export function belongsTo(tab: Tab, session: Session): boolean {
  return (tab === "active" ? ACTIVE : HISTORY).includes(session.state);
}

export function isLive(session: Session): boolean {
  return ACTIVE.includes(session.state);
}

export function hasEnded(session: Session): boolean {
  return !isLive(session);
}

export function isPending(session: Session): boolean {
  return session.status === "pending";
}

/** On its way to another state, which somebody may be waiting for. */
export function isUnderWay(session: Session): boolean {
  return isPending(session) || session.state === "stopping";
}

export function fits(session: Session, tab: Tab, query: ListQuery, me: Pick<Me, "name">): boolean {
  return (
    belongsTo(tab, session) &&
    fitsOwner(session, query.owner, me) &&
    oneOf(query.environment, session.environment) &&
    (oneOf(query.drive, session.drive) || query.drive.includes(session.drive_id)) &&
    oneOf(query.billing_project, session.billing_project ?? "") &&
    (query.state.length === 0 ||
      query.state.includes(session.status) ||
      query.state.includes(session.state)) &&
    fitsSearch(session, query.q)
  );
}

function oneOf(wanted: string[], value: string): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

function fitsOwner(session: Session, owners: string[], me: Pick<Me, "name">): boolean {
  if (owners.length === 0) return session.owner === me.name;
  return owners.some((owner) => {
    if (owner === "*") return true;
    if (owner === "@shared") return session.owner !== me.name;
    return session.owner === owner || fold(session.email ?? "").includes(fold(owner));
  });
}

function fitsSearch(session: Session, q: string): boolean {
  const wanted = fold(q.trim());
  if (!wanted) return true;
  const { id, name, owner, email, drive } = session;
  return [id, name, owner, email ?? "", drive].some((text) => fold(text).includes(wanted));
}

function fold(text: string): string {
  return text.toLocaleLowerCase();
}
