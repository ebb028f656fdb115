/** A new sign-in in another tab makes this page's XSRF token old: take the new one from the shell. */
import { boot, type Boot } from "./boot";

/** Read the shell again and keep its token; reload the page if somebody else has signed in. */
export async function renewToken(): Promise<void> {
  const response = await fetch(boot.base_url, { credentials: "same-origin", redirect: "error" });
  if (!response.ok) return;
  const shell = new DOMParser().parseFromString(await response.text(), "text/html");
  const text = shell.getElementById("boot")?.textContent;
  if (!text) return;
  const now = JSON.parse(text) as Boot;
  if (now.me.name !== boot.me.name) location.reload();
  boot.xsrf_token = now.xsrf_token;
}
