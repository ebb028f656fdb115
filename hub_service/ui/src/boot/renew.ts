/** A new sign-in in another tab makes this page's XSRF token old: take the new one from the shell. */
import { boot, type Boot } from "./boot";

/** Somebody else has signed in: nothing may be sent in his name. The page is loaded anew. */
export class OtherVisitor extends Error {}

/** Read the shell again and keep its token. Raises if it has none, or for somebody else. */
export async function renewToken(): Promise<void> {
  const response = await fetch(boot.base_url, { credentials: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(`The page answered ${String(response.status)}.`);
  const shell = new DOMParser().parseFromString(await response.text(), "text/html");
  const text = shell.getElementById("boot")?.textContent;
  if (!text) throw new Error("The page has no data block.");
  const { me, xsrf_token: token } = JSON.parse(text) as Partial<Boot>;
  // While the service waits for the hub's settings it says nobody and no token.
  if (!me || !token) throw new Error("The page says nobody.");
  if (me.name !== boot.me.name) {
    location.reload();
    throw new OtherVisitor();
  }
  boot.xsrf_token = token;
}
