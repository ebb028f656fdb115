/** Whether updates are paused: then nothing is asked for that the visitor did not ask for. */

let paused = false;

export function isPaused(): boolean {
  return paused;
}

export function setPaused(isOn: boolean): void {
  paused = isOn;
}

/** For every query of the page: looking at it, or a network that is back, refreshes unless paused. */
export const REFRESH = {
  refetchOnWindowFocus: () => !paused,
  refetchOnReconnect: () => !paused,
};
