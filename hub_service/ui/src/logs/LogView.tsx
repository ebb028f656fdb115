/** The lines of a log in blocks, so that new lines draw little anew; what is found is marked. */
import { memo, useEffect, useLayoutEffect, useRef } from "react";

import { texts } from "../texts";
import { piecesOf, type SearchedBlock } from "./log-buffer";

interface LogViewProps {
  blocks: readonly SearchedBlock[];
  name: string;
  wraps: boolean;
  wanted: string;
  /** Which match is looked at, from 0. */
  current: number;
}

export function LogView({ blocks, name, wraps, wanted, current }: LogViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // Whoever reads further up is left there.
  useLayoutEffect(() => {
    if (isAtEnd.current) place.current?.scrollTo({ top: place.current.scrollHeight });
  }, [blocks, wraps]);
  useEffect(() => {
    if (wanted) place.current?.querySelector(".log-now")?.scrollIntoView({ block: "nearest" });
  }, [wanted, current]);
  return (
    <div
      ref={place}
      className={`log ${wraps ? "log-wrapped" : ""}`}
      role="log"
      aria-live="off"
      aria-label={texts.logs.of(name)}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {blocks.map(({ key, text, first, count }) => {
        const now = current >= first && current < first + count ? current - first : -1;
        return <BlockOfLines key={key} text={text} wanted={wanted} now={now} />;
      })}
    </div>
  );
}

interface BlockProps {
  text: string;
  wanted: string;
  now: number;
}

const BlockOfLines = memo(function BlockOfLines({ text, wanted, now }: BlockProps) {
  return (
    <pre className="log-block">
      {piecesOf(text, wanted).map((piece, index) =>
        index % 2 === 1 ? (
          <mark key={index} className={(index - 1) / 2 === now ? "log-now" : undefined}>
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </pre>
  );
});
