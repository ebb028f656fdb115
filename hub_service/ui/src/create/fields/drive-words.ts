/** A drive in words: its title, how full it is, who uses it. */
import type { Drive } from "../../api/types";
import { quantityWords } from "../../list/words";
import { texts } from "../../texts";
import { visible } from "../../ui/visible";

export function driveTitle({ is_default: isDefault, name }: Pick<Drive, "is_default" | "name">) {
  return isDefault ? texts.list.yourDefault : visible(name);
}

/** "3.1 of 10 GiB used", or what of it is known. */
export function fillWords({ used, size }: Pick<Drive, "used" | "size">): string {
  const most = size ? quantityWords(size) : "";
  if (!used) return most;
  const unit = / [KMGTP]i?B$/.exec(most)?.[0];
  const now = quantityWords(used);
  const plain = unit && now.endsWith(unit) ? now.slice(0, -unit.length) : now;
  return most ? texts.form.driveUsed(plain, most) : now;
}

export function holderNames({ mounted_by: holders = [] }: Pick<Drive, "mounted_by">): string {
  return holders.map(({ name }) => visible(name)).join(", ");
}
