/** What is known beside the stages: events and containers of the cluster, and the last lines. */
import { useEffect, useRef, type ReactNode } from "react";

import type { PodEvent } from "../api/types";
import { texts } from "../texts";
import { clockWords } from "../time/words";
import { useCopy } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Text } from "../ui/Text";
import { Containers } from "./Containers";
import { evidenceText, type StartNews } from "./start-news";

interface EvidenceProps {
  news: StartNews;
  /** More may come: what is not there yet has its place. */
  isOpen?: boolean;
}

export function Evidence({ news, isOpen = false }: EvidenceProps) {
  const copy = useCopy();
  if (!hasEvidence(news) && !isOpen) return null;
  const { events, containers, lines } = news;
  return (
    <section aria-label={texts.status.evidence} className="evidence">
      {events.length > 0 && (
        <Part title={texts.status.events}>
          <Events events={events} />
        </Part>
      )}
      {containers.length > 0 && (
        <Part title={texts.status.containers}>
          <Containers containers={containers} />
        </Part>
      )}
      {(lines.length > 0 || isOpen) && (
        <Part title={texts.status.lines}>
          {lines.length > 0 ? <Lines text={lines.join("\n")} /> : <p>{texts.status.nothing}</p>}
        </Part>
      )}
      {hasEvidence(news) && (
        <button
          type="button"
          className="btn btn-sm btn-outline-secondary"
          onClick={() => {
            copy(evidenceText(news));
          }}
        >
          <Icon name="copy" /> {texts.copyAll}
        </button>
      )}
    </section>
  );
}

export function hasEvidence({ events, containers, lines }: StartNews): boolean {
  return events.length + containers.length + lines.length > 0;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <p className="h6">{title}</p>
      {children}
    </>
  );
}

function Events({ events }: { events: readonly PodEvent[] }) {
  return (
    <ol className="events" aria-label={texts.status.events} tabIndex={0}>
      {events.map((event, index) => (
        <li key={`${event.at ?? ""}-${index}`}>
          {event.at && <span className="numbers">{clockWords(Date.parse(event.at), true)} </span>}
          {event.is_warning && <Icon name="warn" />}{" "}
          {event.reason && (
            <strong>
              <Text>{event.reason}</Text>{" "}
            </strong>
          )}
          <Text>{event.message}</Text>
          {(event.count ?? 1) > 1 && <> {texts.status.times(event.count ?? 1)}</>}
        </li>
      ))}
    </ol>
  );
}

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
