/** A service worker here is never ours: it is taken off, and the page loads once more without it. */

export function leaveForeignWorker(): void {
  if (!("serviceWorker" in navigator) || !navigator.serviceWorker.controller) return;
  void navigator.serviceWorker.getRegistrations().then(async (workers) => {
    await Promise.all(workers.map((worker) => worker.unregister()));
    const url = new URL(location.href);
    if (sessionStorage.getItem("sessions.v1.worker") === url.href) return;
    sessionStorage.setItem("sessions.v1.worker", url.href);
    location.reload();
  });
}
