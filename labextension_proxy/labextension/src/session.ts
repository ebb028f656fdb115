/** Which session this is, from what the server wrote into the page; no token is needed. */

export interface Session {
  name: string;
  /** The address of its details on the Sessions page. */
  details: string;
}

/** Return the session; null for a JupyterLab that is none. */
export function readSession(page: Document): Session | null {
  const config = readConfig(page.getElementById("jupyter-config-data")?.textContent);
  const { sessionsId: id, sessionsName: name, hubPrefix, hubHost } = config;
  if (!id || !hubPrefix?.startsWith("/")) return null;
  const base = `${hubHost ?? ""}${hubPrefix.replace(/hub\/?$/, "")}services/sessions/`;
  const { protocol, href } = new URL(`${base}s/${encodeURIComponent(id)}`, page.location.href);
  return /^https?:$/.test(protocol) ? { name: name || id, details: href } : null;
}

function readConfig(text: string | null | undefined): Partial<Record<string, string>> {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    const entries = Object.entries(found ?? {}).filter(([, value]) => typeof value === "string");
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
