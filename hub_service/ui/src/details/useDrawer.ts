/** What a drawer does beside showing a session: which tab is under it, and where the focus goes. */
import { useEffect, type RefObject } from "react";

import type { Session } from "../api/types";
import { belongsTo, hasEnded } from "../live/fits";
import { replaceLayer, useHere } from "../url/location";
import { paths } from "../url/routes";

/** Opened by its address: the tab under the drawer follows from the session's state. */
export function useTabOf(session: Session | undefined): void {
  const { tabIsKnown, tab, place } = useHere();
  useEffect(() => {
    if (tabIsKnown || !session || place.at !== "details") return;
    const right = hasEnded(session) && !belongsTo("active", session) ? "history" : "active";
    if (right !== tab) replaceLayer(paths.part(place.id, place.part), right);
  }, [tabIsKnown, tab, session, place]);
}

/** On the heading, or on the new name; and on what keeps it longer, once, when that is asked for. */
export function useFirstFocus(
  aside: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  isKnown: boolean,
): void {
  const isKeepAsked = new URLSearchParams(useHere().search).has("keep");
  useEffect(() => {
    if (!heading.current?.contains(document.activeElement)) heading.current?.focus();
  }, [heading]);
  useEffect(() => {
    if (!isKeepAsked || !isKnown) return;
    aside.current?.querySelector<HTMLElement>("[data-keep] button")?.focus();
  }, [aside, isKeepAsked, isKnown]);
}
