/** Parts of the page that are not needed for its first paint: loaded when idle, or when asked for. */
import { lazy, Suspense, useState, type ComponentType } from "react";

import { PartAway } from "./PartAway";

interface Part<Props> {
  default: ComponentType<Props>;
}

const loads: (() => Promise<unknown>)[] = [];

/**
 * Return a component that stands for one in a file of its own. Once that is loaded it is shown at
 * once: React holds back what was suspended for 300 ms.
 */
export function later<Props extends object>(load: () => Promise<Part<Props>>) {
  let loaded: ComponentType<Props> | null = null;
  const get = () =>
    load().then((part) => {
      loaded = part.default;
      return part;
    });
  const Lazy = lazy(() => get().catch(() => ({ default: PartAway as ComponentType<Props> })));
  loads.push(get);
  return function Later(props: Props) {
    const [Chosen] = useState<ComponentType<Props>>(() => loaded ?? Lazy);
    return (
      <Suspense fallback={null}>
        <Chosen {...props} />
      </Suspense>
    );
  };
}

/** Load all parts; the result gives it up. What cannot be loaded now is tried when it is needed. */
export function loadWhenIdle(wait: number): () => void {
  const timer = window.setTimeout(() => {
    for (const load of loads) void load().catch(() => undefined);
  }, wait);
  return () => {
    window.clearTimeout(timer);
  };
}
