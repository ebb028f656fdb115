/** "churn-model stops in 5 min because nobody uses it.": one bar for all that stop soon. */
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { useIsBusy } from "../actions/Actions";
import { keepForSeconds, useExtend } from "../actions/useExtend";
import type { Session } from "../api/types";
import { serverNow } from "../boot/boot";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { durationWords, leftWords } from "../time/words";
import { Act } from "../ui/Act";
import { Icon } from "../ui/Icon";
import { useTopLayer } from "../ui/layers";
import { visible } from "../ui/visible";
import { useHiddenTitle, useOutside } from "./outside";
import { alertKey, type Due } from "./stop-watch";

interface StopBarProps {
  due: readonly Due[];
  sessions: readonly Session[];
  letStop: (due: readonly Due[]) => void;
}

const { stopBar: t } = texts;

export function StopBar({ due, sessions, letStop }: StopBarProps) {
  const words = useWords((now) => stopWords(due, now));
  const bar = useRef<HTMLElement>(null);
  const { mutate: extend } = useExtend();
  const isBusy = useIsBusy(due[0]?.id ?? "");
  const layer = useTopLayer();
  useRoom(bar, layer);
  useHiddenTitle();
  const keep = () => {
    for (const { id } of due) {
      const session = sessions.find((each) => each.id === id);
      if (session) extend({ id, session, body: { seconds: keepForSeconds() } });
    }
  };
  return createPortal(
    <section ref={bar} className="stop-bar" aria-label={t.region}>
      <Alert key={alertKey(due)} due={due} />
      <Icon name="warn" />
      <span className="flex-grow-1">{words}</span>
      <Act className="btn-sm btn-primary" isBusy={isBusy} onClick={keep}>
        {t.keep(due.length, durationWords(keepForSeconds()))}
      </Act>
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={() => {
          letStop(due);
        }}
      >
        {t.letStop(due.length)}
      </button>
    </section>,
    layer,
  );
}

/** Said once for each warning, not with every minute that passes. A new alert is always read. */
function Alert({ due }: { due: readonly Due[] }) {
  const [words] = useState(() => stopWords(due, serverNow()));
  useOutside(words);
  return (
    <div role="alert" className="visually-hidden">
      {words}
    </div>
  );
}

function stopWords(due: readonly Due[], now: number): string {
  const last = Math.max(now, ...due.map(({ endsAt }) => endsAt));
  const left = leftWords(new Date(last).toISOString(), now);
  const [first] = due;
  if (due.length === 1 && first) return t.one(visible(first.name), left);
  return t.many(due.length, left, due.map(({ name }) => visible(name)).join(", "));
}

/** The page keeps clear of the bar: what is at its foot moves up by the bar's height. */
function useRoom(bar: React.RefObject<HTMLElement | null>, layer: HTMLElement): void {
  useEffect(() => {
    const { style } = document.documentElement;
    const measure = () => {
      const height = layer === document.body ? (bar.current?.offsetHeight ?? 0) : 0;
      style.setProperty("--stop-bar", `${height}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (bar.current) observer.observe(bar.current);
    return () => {
      observer.disconnect();
      style.removeProperty("--stop-bar");
    };
  }, [bar, layer]);
}
