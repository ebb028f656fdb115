/** What a session uses now against what it may: words and shares; pure. */
import type { Session } from "../api/types";
import { amountOf } from "../list/quantity";
import { texts } from "../texts";

export interface Use {
  name: string;
  words: string;
  /** Between 0 and 1; null without a limit. */
  share: number | null;
}

/** "1.2 GiB", "340 MiB"; `unit` says it in that one, without its name. */
export function memoryWords(bytes: number, unit?: "GiB" | "MiB"): string {
  const chosen = unit ?? (bytes >= 2 ** 30 ? "GiB" : "MiB");
  const number = bytes / (chosen === "GiB" ? 2 ** 30 : 2 ** 20);
  const words = number >= 100 || chosen === "MiB" ? Math.round(number) : round(number);
  return unit ? String(words) : `${words} ${chosen}`;
}

/** CPU and memory now against the limit, as far as they are known. */
export function usesOf({ used, resources }: Pick<Session, "used" | "resources">): Use[] {
  if (!used) return [];
  const { details: t } = texts;
  const cores = amountOf(resources?.cpu);
  const bytes = amountOf(resources?.memory);
  const memory = { name: t.memory, share: share(used.memory, bytes) };
  const uses: Use[] = [
    {
      ...memory,
      words: bytes === null ? memoryWords(used.memory) : memoryOf(used.memory, bytes),
    },
  ];
  if (used.cpu === null) return uses;
  const cpu = round(used.cpu);
  const words = cores === null ? String(cpu) : t.usedOf(String(cpu), String(round(cores)));
  return [{ name: t.cpu, words, share: share(used.cpu, cores) }, ...uses];
}

/** "1.2 of 4 GiB": one unit for both, that of the limit. */
function memoryOf(used: number, limit: number): string {
  const unit = limit >= 2 ** 30 ? "GiB" : "MiB";
  return texts.details.usedOf(memoryWords(used, unit), memoryWords(limit));
}

function share(used: number, limit: number | null): number | null {
  return limit === null || limit === 0 ? null : Math.min(1, used / limit);
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
