/** A part of the page that is loaded when the browser is idle, or when it is asked for. */
import { lazy, Suspense, useState, type ComponentType } from "react";

/** Loaded one after the other, once the list stands. */
const IDLE_AFTER = 1500;

/**
 * Return the component that shows the part that `load` imports, or `Away` where it cannot be loaded.
 * Once it is there it is shown at once: React holds back what was suspended for 300 ms.
 */
export function lazily<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Away: ComponentType<Props>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  const loadOnce = () =>
    load().then((part) => {
      loaded = part.default;
      return part;
    });
  const Later = lazy(() => loadOnce().catch(() => ({ default: Away })));
  if (typeof window !== "undefined") {
    window.setTimeout(() => void loadOnce().catch(() => undefined), IDLE_AFTER);
  }
  return function Lazily(props: Props) {
    const [Part] = useState<ComponentType<Props>>(() => loaded ?? Later);
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}
