/** Waits until a state stands still: no call under way, and nothing drawn anew for a moment. */
import { isBusy } from "./network";

const STILL = 80;
const AT_MOST = 4000;

export async function settle(): Promise<void> {
  await document.fonts.ready;
  let last = performance.now();
  const watch = new MutationObserver(() => {
    last = performance.now();
  });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  const until = last + AT_MOST;
  while ((isBusy() || performance.now() - last < STILL) && performance.now() < until) {
    await new Promise((resolve) => window.setTimeout(resolve, 20));
  }
  watch.disconnect();
}
