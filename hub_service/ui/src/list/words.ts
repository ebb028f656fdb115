/** Short words for a row's cells; pure. */
import type { Environment, Idle, Port, Resources, Session } from "../api/types";
import { texts } from "../texts";
import { dateWords } from "../time/words";
import { inGiB, quantityWords } from "./quantity";

/** "your default", "anna’s default", or the drive's name. */
export function driveWords(session: Pick<Session, "drive" | "owner">, me: string): string {
  if (session.drive !== "default") return session.drive;
  return session.owner === me ? texts.list.yourDefault : texts.list.defaultOf(session.owner);
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

/** "3.1 of 4 GiB now", or "" where nobody measures. */
export function usedWords({ used, resources }: Session): string {
  if (!used) return "";
  const limit = resources.memory ? inGiB(resources.memory) : "";
  return texts.list.memoryNow(inGiB(used.memory), limit);
}

/** "8080 api", "9000", "53 dns UDP". */
export function portWords({ number, name, protocol }: Port): string {
  return [String(number), name, protocol === "UDP" ? protocol : ""].filter(Boolean).join(" ");
}

/** Where an opened port answers while its session runs; UDP has no address in a browser. */
export function portHref({ state, urls }: Session, { number, protocol, url }: Port): string | null {
  if (state !== "running" || protocol === "UDP") return null;
  if (url) return url;
  const lab = urls?.lab;
  return lab?.endsWith("/lab") ? `${lab.slice(0, -3)}proxy/${number}/` : null;
}
