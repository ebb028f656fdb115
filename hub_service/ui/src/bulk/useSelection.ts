/** Which rows are selected; a change of tab, filter or page clears it. */
import { useEffect, useMemo, useRef, useState } from "react";

import type { Session } from "../api/types";

export interface Selection {
  ids: ReadonlySet<string>;
  sessions: Session[];
  set: (id: string, isSelected: boolean, isRange: boolean) => void;
  setAll: (isSelected: boolean) => void;
}

export function useSelection(listKey: string, rows: Session[] = []): Selection {
  const [chosen, setChosen] = useState({ listKey, ids: new Set<string>() });
  const last = useRef<string | null>(null);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const ids = chosen.listKey === listKey ? chosen.ids : NONE;
  const sessions = rows.filter((session) => ids.has(session.id));
  const change = useMemo(() => {
    const all = () => latest.current.map((session) => session.id);
    return {
      set: (id: string, isSelected: boolean, isRange: boolean) => {
        const range = isRange ? between(all(), last.current, id) : [id];
        last.current = id;
        setChosen((old) => {
          const next = new Set(old.listKey === listKey ? old.ids : NONE);
          for (const each of range) next[isSelected ? "add" : "delete"](each);
          return { listKey, ids: next };
        });
      },
      setAll: (isSelected: boolean) => {
        setChosen({ listKey, ids: new Set(isSelected ? all() : []) });
      },
    };
  }, [listKey]);
  return { ids, sessions, ...change };
}

const NONE: ReadonlySet<string> = new Set<string>();

/** Return the ids from one to the other, both included. */
export function between(ids: string[], from: string | null, to: string): string[] {
  const a = from === null ? -1 : ids.indexOf(from);
  const b = ids.indexOf(to);
  return a < 0 || b < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
