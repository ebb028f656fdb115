/** Work that nobody waits for: done a moment after it was last asked for, or when the page goes. */
export interface Later {
  /** Do this in a moment, instead of what waited before. */
  run: (job: () => void) => void;
  /** Do what waits at once. */
  now: () => void;
  forget: () => void;
}

export function makeLater(wait: number): Later {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: (() => void) | null = null;
  const forget = () => {
    clearTimeout(timer);
    waiting = null;
  };
  const now = () => {
    const job = waiting;
    forget();
    job?.();
  };
  const run = (job: () => void) => {
    clearTimeout(timer);
    waiting = job;
    timer = setTimeout(now, wait);
  };
  return { run, now, forget };
}
