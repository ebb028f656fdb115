/** What is known beside the stages: events of the cluster or machine, and the last lines. */
import { useEffect, useRef } from "react";

import type { StartNews } from "./start-news";
import { texts } from "../texts";
import { clockWords } from "../time/words";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";
import { evidenceText } from "./start-news";

/** The newest line, which tells most, stands at the end and is in sight. */
function Lines({ text }: { text: string }) {
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    place.current?.scrollTo({ top: place.current.scrollHeight });
  }, [text]);
  return (
    <pre className="lines" tabIndex={0} ref={place}>
      <Text>{text}</Text>
    </pre>
  );
}

export function Evidence({ news }: { news: StartNews }) {
  const copy = useCopy();
  const { events, lines } = news;
  if (events.length === 0 && lines.length === 0) return null;
  return (
    <section aria-label={texts.status.evidence} className="evidence">
      {events.length > 0 && (
        <>
          <p className="h6">{texts.status.events}</p>
          <ol className="events">
            {events.map((event, index) => (
              <li key={`${event.at ?? ""}-${index}`}>
                {event.at && (
                  <span className="numbers">{clockWords(Date.parse(event.at), true)} </span>
                )}
                {event.reason && (
                  <strong>
                    <Text>{event.reason}</Text>{" "}
                  </strong>
                )}
                <Text>{event.message}</Text>
              </li>
            ))}
          </ol>
        </>
      )}
      {lines.length > 0 && (
        <>
          <p className="h6">{texts.status.lines}</p>
          <Lines text={lines.join("\n")} />
        </>
      )}
      <button
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={() => {
          copy(evidenceText(news));
        }}
      >
        <Icon name="copy" /> {texts.copyAll}
      </button>
    </section>
  );
}
