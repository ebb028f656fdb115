/** Arrows, Home and End in a row of tabs. */

/** The tab that a key leads to from the one that is shown; undefined for every other key. */
export function tabAt<Tab>(key: string, tabs: readonly Tab[], shown: Tab): Tab | undefined {
  const at = tabs.indexOf(shown);
  if (key === "ArrowRight") return tabs[(at + 1) % tabs.length];
  if (key === "ArrowLeft") return tabs.at(at - 1);
  if (key === "Home") return tabs[0];
  return key === "End" ? tabs.at(-1) : undefined;
}
