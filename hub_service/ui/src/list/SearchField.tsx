/** The search field: the address follows 300 ms after the last key. */
import { useEffect, useRef, useState } from "react";

import { texts } from "../texts";
import { refineList, useHere } from "../url/location";
import { withChange } from "../url/list-query";

const WAIT = 300;

export function SearchField() {
  const { tab, query } = useHere();
  const [typed, setTyped] = useState(query.q);
  const [shown, setShown] = useState(query.q);
  const latest = useRef({ tab, query });
  useEffect(() => {
    latest.current = { tab, query };
  });
  // The address changed by other means (Back, a chip's ×, another tab): the field follows.
  if (shown !== query.q) {
    setShown(query.q);
    setTyped(query.q);
  }
  useEffect(() => {
    if (typed === latest.current.query.q) return;
    const timer = window.setTimeout(() => {
      const { tab: now, query: from } = latest.current;
      setShown(typed);
      refineList(now, withChange(from, { q: typed }));
    }, WAIT);
    return () => {
      window.clearTimeout(timer);
    };
  }, [typed]);
  return (
    <input
      type="search"
      className="form-control form-control-sm search"
      aria-label={texts.filters.search}
      placeholder={texts.filters.search}
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
    />
  );
}
