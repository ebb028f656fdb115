/** What this browser keeps for the visitor alone goes when he signs out. */
import { boot } from "./boot";

/** Where half-filled forms are kept. */
export const DRAFTS = `sessions.v1.${boot.me.name}.draft`;

export function dropDraftsAtLogout(): void {
  document.getElementById("logout")?.addEventListener("click", () => {
    try {
      localStorage.removeItem(DRAFTS);
    } catch {
      // Without storage nothing is kept.
    }
  });
}
