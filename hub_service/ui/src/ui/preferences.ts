/** What the page remembers for a person in this browser; never values of variables. */
import { useSyncExternalStore } from "react";

import type { LaunchRequest } from "../api/types";
import { boot } from "../boot/boot";

export interface Preferences {
  columns: Record<string, Record<string, boolean>>;
  pageSize: number;
  /** The order of each tab, where it is not the newest first. */
  sort: Record<string, string>;
  lastChoices: LaunchRequest | null;
  shortcuts: boolean;
  openWhenReady: boolean;
}

const KEY = `sessions.v1.${boot.me.name}`;
const DEFAULTS: Preferences = {
  columns: {},
  pageSize: 20,
  sort: {},
  lastChoices: null,
  shortcuts: true,
  openWhenReady: true,
};

const listeners = new Set<() => void>();
let current = load();

function load(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return DEFAULTS;
  }
}

export function preferences(): Preferences {
  return current;
}

export function remember(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Without storage the choice holds until the page is left.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
