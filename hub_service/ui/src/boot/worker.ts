/**
 * A service worker that controls this page is never ours: it is taken off, and the page loads once
 * more without it. Those of sessions' own pages stay.
 */
const CONTROLLED = "sessions.v1.worker";
const UNTOLD = "sessions.v1.worker-untold";

export async function leaveForeignWorker(): Promise<void> {
  // Absent where the hub is served by plain HTTP.
  const container = (navigator as Partial<Navigator>).serviceWorker;
  const script = container?.controller?.scriptURL;
  if (!container || !script) return;
  const page = location.href;
  const registered = await container.getRegistrations();
  const here = registered.filter(({ scope }) => page.startsWith(scope));
  await Promise.all(here.map((registration) => registration.unregister()));
  try {
    sessionStorage.setItem(UNTOLD, script);
    if (sessionStorage.getItem(CONTROLLED) === page) return;
    sessionStorage.setItem(CONTROLLED, page);
  } catch {
    return; // Without storage nobody knows whether it was loaded anew already.
  }
  location.reload();
}

/** Return, once, the address of the worker that was taken off. */
export function takenOffWorker(): string | null {
  try {
    const script = sessionStorage.getItem(UNTOLD);
    sessionStorage.removeItem(UNTOLD);
    return script;
  } catch {
    return null;
  }
}
