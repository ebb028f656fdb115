/** Sizes, shares and sentences of drives; pure. */
import type { Drive } from "../api/types";
import { quantityWords } from "../list/quantity";
import { texts } from "../texts";
import { visible } from "../ui/visible";

const FACTORS: Record<string, number> = { "": 1, m: 0.001 };
for (const [power, unit] of [..."KMGTP"].entries()) {
  FACTORS[`${unit}i`] = 1024 ** (power + 1);
  FACTORS[unit === "K" ? "k" : unit] = 1000 ** (power + 1);
}
const GIB = 2 ** 30;
const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** From this share on it is said how full a drive is. */
const NEARLY_FULL = 80;

/** The bytes of a Kubernetes quantity; null for what is none. */
export function bytesOf(quantity: string | null | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)(m|k|[MGTP]|[KMGTP]i)?$/.exec(quantity ?? "");
  return match ? Number(match[1]) * (FACTORS[match[2] ?? ""] ?? NaN) : null;
}

/** "3.1 GiB", "412 MiB", "0 MiB": one digit behind the point, in the largest unit that fits. */
export function bytesWords(bytes: number): string {
  const units = ["MiB", "GiB", "TiB", "PiB"];
  let size = bytes / 2 ** 20;
  let at = 0;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  const digits = at === 0 || size >= 100 ? 0 : 1;
  return `${String(Number(size.toFixed(digits)))} ${units[at] ?? ""}`;
}

/** "10 GiB" of "10Gi", and of plain bytes too. */
export function sizeWords(quantity: string): string {
  return /^\d+$/.test(quantity) ? bytesWords(Number(quantity)) : quantityWords(quantity);
}

/** How much of a drive is used, in whole percent; null while nobody knows both figures. */
export function fullness({ size, used }: Pick<Drive, "size" | "used">): number | null {
  const [all, taken] = [bytesOf(size), bytesOf(used)];
  return all === null || taken === null || all === 0 ? null : Math.round((taken / all) * 100);
}

export function isNearlyFull(percent: number | null): percent is number {
  return percent !== null && percent >= NEARLY_FULL;
}

/** "40 of 100 GiB used", or nothing where drives together have no bound. */
export function totalWords(used: string | null, most: string | null): string {
  const [taken, all] = [bytesOf(used), bytesOf(most)];
  if (taken === null || all === null) return "";
  const gib = (bytes: number) => String(Number((bytes / GIB).toFixed(1)));
  return texts.drives.total(gib(taken), gib(all));
}

/** Whole or broken GiB as a field shows them. */
export function gibOf(quantity: string | null | undefined): string {
  const bytes = bytesOf(quantity);
  return bytes === null ? "" : String(Number((bytes / GIB).toFixed(2)));
}

/** What is typed as GiB as a quantity; null when it is no size. */
export function quantityOf(gib: string): string | null {
  const typed = gib.trim();
  return /^\d{1,9}(\.\d{1,2})?$/.test(typed) && Number(typed) > 0 ? `${typed}Gi` : null;
}

/** Why a drive cannot be called so, or nothing. */
export function nameProblem(name: string, drives: readonly Drive[], own?: Drive): string {
  if (!NAME.test(name)) return texts.drives.errors.name;
  const isTaken = drives.some((drive) => drive.id !== own?.id && drive.name === name);
  return isTaken ? texts.drives.errors.taken(name) : "";
}

/** Why a drive cannot have so many GiB, or nothing; `above` is what it has now. */
export function sizeProblem(gib: string, most: string | null, above?: string | null): string {
  const size = bytesOf(quantityOf(gib));
  if (size === null) return texts.drives.errors.size;
  if (above && size <= (bytesOf(above) ?? 0)) return texts.drives.errors.larger(sizeWords(above));
  if (most && size > (bytesOf(most) ?? Infinity)) return texts.drives.errors.most(sizeWords(most));
  return "";
}

/** What a drive is called: "your default", "anna’s default", or its name. */
export function titleOf(drive: Pick<Drive, "name" | "owner" | "is_default">, me: string): string {
  if (!drive.is_default) return visible(drive.name);
  return drive.owner === me ? texts.list.yourDefault : texts.list.defaultOf(visible(drive.owner));
}

/** Why a drive in use is not deleted. */
export function inUseWords({ mounted_by: holders }: Pick<Drive, "mounted_by">): string {
  return texts.drives.inUse(holders.map(({ name }) => visible(name)));
}

/** The drive that an address or a row means, by its name or id. */
export function driveCalled(drives: readonly Drive[], reference: string): Drive | undefined {
  return drives.find(({ name }) => name === reference) ?? drives.find(({ id }) => id === reference);
}
