/** The address bar as the page's state: one subscription, push, replace and "close the top layer". */
import { useSyncExternalStore } from "react";

import { boot } from "../boot/boot";
import { preferences } from "../ui/preferences";
import { parseListQuery, formatListQuery, type ListQuery } from "./list-query";
import { placeOf, paths, type Place, type Tab } from "./routes";

interface Kept {
  /** The list under a dialog or drawer. */
  under?: { tab: Tab; search: string };
  /** Whether Back leads to what was there before this layer. */
  pushed?: boolean;
  /** The list under it is no longer the one that Back leads to. */
  isRefined?: boolean;
}

export interface Here {
  place: Place;
  search: string;
  tab: Tab;
  query: ListQuery;
  /** False when a layer was opened by its address, so its tab is not known yet. */
  tabIsKnown: boolean;
}

const listeners = new Set<() => void>();
let here = read();

function read(): Here {
  const path = location.pathname.startsWith(boot.base_url)
    ? location.pathname.slice(boot.base_url.length)
    : "";
  const place = placeOf(path);
  const kept = (history.state ?? {}) as Kept;
  const isList = place.at === "list";
  if (place.at === "list") takeRememberedSort(place.tab);
  const tab = place.at === "list" ? place.tab : (kept.under?.tab ?? "active");
  const search = isList ? location.search : (kept.under?.search ?? "");
  const tabIsKnown = isList || kept.under !== undefined || place.at === "new";
  if (isList) keepFilters(tab, location.search);
  return { place, search: location.search, tab, query: parseListQuery(search), tabIsKnown };
}

/** The remembered order of a tab, put into a plain address; one that says anything is as it says. */
function takeRememberedSort(tab: Tab): void {
  const sort = preferences().sort[tab];
  if (!sort || !boot.me.sorts?.includes(sort.replace("-", ""))) return;
  const search = new URLSearchParams(location.search);
  search.delete("panel");
  if (search.size > 0) return;
  history.replaceState(history.state, "", `${location.pathname}?sort=${sort}`);
}

function changed(): void {
  here = read();
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", changed);

export function useHere(): Here {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => here,
  );
}

export function hrefOf(path: string): string {
  return boot.base_url + path;
}

/**
 * Open a drawer or dialog over the list; Back closes it. There is one drawer: the details of another
 * session take the place of these, so that closing it always leads to the list.
 */
export function openLayer(path: string): void {
  // The second click of a double click.
  if (hrefOf(path) === location.pathname + location.search) return;
  if (here.place.at === "details" && placeOf(path.split("?")[0] ?? "").at === "details") {
    replaceLayer(path);
    return;
  }
  const kept: Kept = {
    under: { tab: here.tab, search: formatListQuery(here.query) },
    pushed: true,
  };
  history.pushState(kept, "", hrefOf(path));
  changed();
}

/** Go to another part of the same layer. */
export function replaceLayer(path: string, tab?: Tab): void {
  const kept = (history.state ?? {}) as Kept;
  const under = tab ? { tab, search: "" } : kept.under;
  history.replaceState({ ...kept, ...(under ? { under } : {}) }, "", hrefOf(path));
  changed();
}

/** Close the layer on top: as Back does, or by going to its list if it was opened by address. */
export function closeLayer(): void {
  const { pushed, isRefined } = (history.state ?? {}) as Kept;
  if (pushed && !isRefined) {
    history.back();
    return;
  }
  history.replaceState({}, "", hrefOf(paths.tab(here.tab) + formatListQuery(here.query)));
  changed();
}

/** Show a tab with these filters. */
export function showList(tab: Tab, query: ListQuery, how: "push" | "replace" = "push"): void {
  const address = hrefOf(paths.tab(tab) + formatListQuery(query));
  if (how === "push") history.pushState({}, "", address);
  else history.replaceState({}, "", address);
  changed();
}

/** Narrow the list down while somebody types; a drawer or dialog over it stays. */
export function refineList(tab: Tab, query: ListQuery): void {
  if (here.place.at === "list") {
    showList(tab, query, "replace");
    return;
  }
  const search = formatListQuery(query);
  const kept: Kept = { ...(history.state as Kept | null), under: { tab, search }, isRefined: true };
  history.replaceState(kept, "", location.pathname + location.search);
  keepFilters(tab, search);
  changed();
}

/** Switch to a tab with the filters it had last. */
export function showTab(tab: Tab): void {
  showList(tab, lastQuery(tab));
}

/** Return the filters that a tab had last in this browser tab. */
export function lastQuery(tab: Tab): ListQuery {
  try {
    return parseListQuery(sessionStorage.getItem(storageKey(tab)) ?? "");
  } catch {
    return parseListQuery("");
  }
}

function keepFilters(tab: Tab, search: string): void {
  try {
    sessionStorage.setItem(storageKey(tab), search);
  } catch {
    // Private windows may have no storage; then a tab starts without filters.
  }
}

function storageKey(tab: Tab): string {
  return `sessions.v1.${boot.me.name}.${tab}`;
}
