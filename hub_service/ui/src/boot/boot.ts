/** What the service put into the page: who looks, where things are, the first list. */
import type { Environment, Me, SessionPage } from "../api/types";

export interface Boot {
  me: Me;
  base_url: string;
  hub_url: string;
  api: string;
  xsrf_token: string;
  /** The answer of `GET sessions` to `query`, so that rows are there with the first paint. */
  sessions: SessionPage | null;
  query: string;
  /** Where the first list stands in the stream of events. */
  events_after?: string;
  environments?: Environment[] | null;
  build: string;
}

const block = document.getElementById("boot");
if (!block?.textContent) throw new Error("The page has no data block #boot.");

const given = JSON.parse(block.textContent) as Partial<Boot>;

/** False while the service has no settings from the hub yet: then only a waiting line is shown. */
export const isBooted = Boolean(given.me);

/** Stands for the visitor until the service has the hub's settings; then nothing asks for more. */
const NOBODY = { name: "", admin: false } as Me;

export const boot: Boot = {
  me: NOBODY,
  base_url: "/services/sessions/",
  hub_url: "/hub/",
  api: "/services/sessions/api/v1/",
  xsrf_token: "",
  sessions: null,
  build: "",
  ...given,
  ...(given.me ? {} : { me: NOBODY }),
  query: given.query ?? "tab=active",
};

/** Milliseconds that the service's clock is ahead of this browser's. */
const skew = boot.me.server_time ? Date.parse(boot.me.server_time) - Date.now() : 0;

/** Return the service's time now, in milliseconds. */
export function serverNow(): number {
  return Date.now() + skew;
}
