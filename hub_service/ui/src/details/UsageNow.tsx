/** What the session uses now against its limit, in words and as meters. */
import type { Session } from "../api/types";
import { texts } from "../texts";
import { exactWords } from "../time/words";
import { usesOf } from "./usage-words";

export function UsageNow({ session }: { session: Session }) {
  const uses = usesOf(session);
  if (uses.length === 0) return null;
  return (
    <section aria-label={texts.details.usedNow} className="used-now">
      {uses.map(({ name, words, share }) => (
        <span key={name} title={session.used ? exactWords(session.used.at) : undefined}>
          {`${name} ${words}`}
          {share !== null && (
            <meter min={0} max={1} high={0.9} value={share} aria-label={`${name} ${words}`} />
          )}
        </span>
      ))}
    </section>
  );
}
