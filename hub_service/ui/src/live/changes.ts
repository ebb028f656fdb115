/** What of the news a screen reader is told without a toast: a session is ready, or was stopped. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { visible } from "../ui/visible";
import { hasEnded, isLive, isPending } from "./fits";

export type Announce = (text: string, many?: (count: number) => string) => void;

type Change = "ready" | "stopped" | "cancelled";

/** How a session of `me` changed; ends that are told with their cause are reminders, and not here. */
export function changeOf(before: Session | undefined, now: Session, me: string): Change | null {
  if (!before || now.owner !== me || before.revision > now.revision) return null;
  if (isPending(before) && now.state === "running" && !isPending(now)) return "ready";
  if (!isLive(before) || !hasEnded(now) || !isByOwner(now)) return null;
  return now.ready_at ? "stopped" : "cancelled";
}

/** A stop through the hub counts as the owner's: the hub does not tell who asked. */
export function isByOwner({ cause, ended_by, owner }: Session): boolean {
  return cause === "user" || (cause === "admin" && ended_by === owner);
}

export function announceChange(change: Change | null, { name }: Session, announce: Announce): void {
  if (!change) return;
  const { one, many } = texts.changes[change];
  announce(one(visible(name)), many);
}
