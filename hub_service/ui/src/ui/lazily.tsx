/** Parts of the page that are loaded when they are first shown, or before by `preload`. */
import { lazy, Suspense, useEffect, useState, type ComponentType } from "react";

import { patience } from "../api/retry";
import { texts } from "../texts";
import { useNotices } from "./Notices";

export type Lazily<Props> = ComponentType<Props> & { preload: () => void };

/** Once it is loaded it is shown at once: React holds back what was suspended for 300 ms. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  away: ComponentType = Away,
): Lazily<Props> {
  let loaded: ComponentType<Props> | null = null;
  const loadOnce = () => load().then((part) => (loaded = part));
  const Later = lazy(() =>
    loadOnce()
      .catch(() => away)
      .then((part) => ({ default: part as ComponentType<object> })),
  );
  function Part(props: Props) {
    const [Shown] = useState<ComponentType<object>>(
      () => (loaded as ComponentType<object> | null) ?? Later,
    );
    return (
      <Suspense fallback={null}>
        <Shown {...props} />
      </Suspense>
    );
  }
  return Object.assign(Part, {
    preload: () => {
      if (!loaded) void loadOnce().catch(() => undefined);
    },
  });
}

/** Load what nobody asked for again and again: the service may just be restarting. */
export async function persistently<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  for (let failures = 0; failures < 6; failures += 1) {
    try {
      return await load();
    } catch {
      await new Promise((done) => window.setTimeout(done, patience(failures)));
    }
  }
  return load();
}

function Away() {
  const { announce } = useNotices();
  useEffect(() => {
    announce(texts.partAway);
  }, [announce]);
  return (
    <p>
      {texts.partAway}{" "}
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={() => {
          location.reload();
        }}
      >
        {texts.errors.reload}
      </button>
    </p>
  );
}
