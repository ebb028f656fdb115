/** A drive in words: its title, how full it is, who uses it. */
import type { Drive } from "../../api/types";
import { inGiB, quantityWords } from "../../list/quantity";
import { texts } from "../../texts";
import { visible } from "../../ui/visible";

export function driveTitle({ is_default: isDefault, name }: Pick<Drive, "is_default" | "name">) {
  return isDefault ? texts.list.yourDefault : visible(name);
}

/** "3.1 of 10 GiB used", or what of it is known. */
export function fillWords({ used, size }: Pick<Drive, "used" | "size">): string {
  if (used && size) return texts.form.driveUsed(inGiB(used), `${inGiB(size)} GiB`);
  return size ? quantityWords(size) : used ? texts.form.driveUsedOnly(`${inGiB(used)} GiB`) : "";
}

export function holderNames({ mounted_by: holders = [] }: Pick<Drive, "mounted_by">): string {
  return holders.map(({ name }) => visible(name)).join(", ");
}
