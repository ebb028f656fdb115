/** Short words for a row's cells; pure. */
import type { Environment, Idle, Resources, Session } from "../api/types";
import { texts } from "../texts";
import { dateWords } from "../time/words";

/** "your default", "anna’s default", or the drive's name. */
export function driveWords(session: Pick<Session, "drive" | "owner">, me: string): string {
  if (session.drive !== "default") return session.drive;
  return session.owner === me ? texts.list.yourDefault : texts.list.defaultOf(session.owner);
}

/** "4Gi" as "4 GiB", "500m" as "0.5". */
export function quantityWords(quantity: string): string {
  const match = /^(\d+(?:\.\d+)?)(m|[KMGTP]i?)?$/.exec(quantity);
  if (!match) return quantity;
  const [, number = "", unit = ""] = match;
  if (unit === "m") return String(Number(number) / 1000);
  if (unit === "") return number;
  return `${number} ${unit}B`;
}

/** "2 CPU · 4 GiB · 1 GPU", or "" when nothing is said. */
export function sizeWords(resources: Resources | null | undefined): string {
  const { cpu, memory, gpu } = resources ?? {};
  return [
    cpu ? `${quantityWords(cpu)} CPU` : "",
    memory ? quantityWords(memory) : "",
    gpu ? `${gpu} GPU` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

export function environmentSize(environment: Environment): string {
  return sizeWords(environment.resources?.default);
}

/** The clock of a running session in a few words, for the column Stops. */
export function stopsWords(session: Session, now: number): string {
  const { idle, expires_at: end } = session;
  const { short } = texts.clock;
  if (session.state !== "running" || !idle) return texts.ago.never;
  if (idle.state === "in-use") return short.inUse(holderWords(idle));
  if (end === null) return idle.state === "unknown" ? short.unknown : short.never;
  const left = Date.parse(end) - now;
  return left < 86_400_000 ? short.in(end, now) : dateWords(Date.parse(end), now);
}

function holderWords(idle: Idle): string {
  const kind = idle.held_by?.[0]?.kind ?? idle.last?.kind ?? "";
  return texts.clock.kinds[kind] ?? kind;
}
