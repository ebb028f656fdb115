/** Whether an address leads to this hub by http or https; pure. */

export function isOfHub(address: string, page: string, hubHost: string): boolean {
  if (!URL.canParse(address, page)) return false;
  const { protocol, hostname } = new URL(address, page);
  if (protocol !== "http:" && protocol !== "https:") return false;
  const here = new URL(page).hostname;
  return hostname === here || hostname === hubHost || hostname.endsWith(`.${hubHost}`);
}
