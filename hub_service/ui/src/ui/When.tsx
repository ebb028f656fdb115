/** A time in words that keep themselves up to date, with the exact time as its title. */
import { useMemo } from "react";

import { texts } from "../texts";
import { useWords } from "../time/now";
import { agoWords, exactWords } from "../time/words";

export function When({ at, words = agoWords }: WhenProps) {
  return at ? <Time at={at} words={words} /> : <span>{texts.ago.never}</span>;
}

interface WhenProps {
  at: string | null | undefined;
  words?: (iso: string, now: number) => string;
}

function Time({ at, words }: { at: string; words: (iso: string, now: number) => string }) {
  const text = useWords((now) => words(at, now));
  // The words change by the second, the moment never does.
  const title = useMemo(() => exactWords(at), [at]);
  return (
    <time dateTime={at} title={title}>
      {text}
    </time>
  );
}
