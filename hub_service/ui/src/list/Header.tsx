/** The heading with what is used of the limits, and "New session". */
import { useLimits } from "../api/queries";
import type { Limits } from "../api/types";
import { NewSession } from "../start/NewSession";
import { texts } from "../texts";
import { inGiB } from "./quantity";

export function Header() {
  const { data: limits } = useLimits();
  return (
    <header className="page-head">
      <h1 className="h3 mb-0">{texts.title}</h1>
      {limits && <span className="text-body-secondary">{limitWords(limits)}</span>}
      <NewSession />
    </header>
  );
}

function limitWords({ sessions, cpu, memory }: Limits): string {
  return [
    sessions ? texts.limits.sessions(sessions.used, sessions.max) : "",
    cpu?.max ? texts.limits.cpu(cpu.used, cpu.max) : "",
    memory?.max ? texts.limits.memory(inGiB(memory.used), inGiB(memory.max)) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
