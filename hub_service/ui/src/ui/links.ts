/** Links are built from the service's `urls` and own routes only, and checked for scheme and host. */
import { boot } from "../boot/boot";
import { isOfHub } from "./hub-links";

/** Return the address if it leads to this hub by http or https, else null. */
export function safeHref(address: string | null | undefined): string | null {
  if (!address) return null;
  return isOfHub(address, location.href, new URL(boot.hub_url, location.href).hostname)
    ? address
    : null;
}
