/** What of the list is drawn now: a click shows at once, a hundred rows come behind it in pieces. */
import { useDeferredValue, useMemo } from "react";

import type { Rows } from "../live/rows";
import type { Preferences } from "../ui/preferences";
import type { Tab } from "../url/routes";
import { isNear } from "./near";

export interface Drawn {
  rows: Rows | undefined;
  tab: Tab;
  chosen: Preferences;
}

export function useDrawn(rows: Rows | undefined, tab: Tab, chosen: Preferences): Drawn {
  const now = useMemo(() => ({ rows, tab, chosen }), [rows, tab, chosen]);
  const late = useDeferredValue<Drawn>(now);
  // A new row, or news of a few, waits behind nothing: the others are not drawn again.
  return isNear(late, now) ? now : late;
}
