/** One `EventSource` with the page's own patience: back-off after refusals, a closed end. */
import { boot } from "../boot/boot";

export interface StreamHandlers {
  opened: () => void;
  lost: () => void;
  event: (type: string, data: unknown) => void;
}

/** The service sends a beat every 5 s. */
const SILENT_FOR = 12_000;

/**
 * The last event of a stream that has ids, by address: whoever opens it anew goes on from there.
 * The first list in the page counts as heard, so that nothing is lost between it and the stream.
 */
const heardUpTo = new Map<string, string>();
if (boot.events_after) heardUpTo.set(`${boot.api}events`, boot.events_after);

function addressOf(url: string): string {
  const last = heardUpTo.get(url);
  return last ? `${url}?after=${encodeURIComponent(last)}` : url;
}

/** Open the stream of `url` for these event types; returns the function that closes it. */
export function openStream(
  url: string,
  types: readonly string[],
  handlers: StreamHandlers,
): () => void {
  let source: EventSource | null = null;
  let timer: number | undefined;
  let silence: number | undefined;
  let failures = 0;

  // A proxy may hold a line whose other end is dead: a silent one is made anew.
  const listen = () => {
    window.clearTimeout(silence);
    silence = window.setTimeout(renew, SILENT_FOR);
  };
  const renew = () => {
    handlers.lost();
    connect();
  };
  const stop = () => {
    window.clearTimeout(timer);
    window.clearTimeout(silence);
    source?.close();
  };

  const connect = () => {
    // Whoever comes first, back-off or silence, makes the new line; the other has nothing left to do.
    stop();
    source = new EventSource(addressOf(url));
    source.addEventListener("beat", listen);
    source.onopen = () => {
      failures = 0;
      listen();
      handlers.opened();
    };
    source.onerror = () => {
      handlers.lost();
      // After a refusal (401, 503) the browser gives up; a cut line it mends by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      stop();
      failures += 1;
      timer = window.setTimeout(connect, Math.min(30_000, 1000 * 2 ** failures));
    };
    for (const type of types) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        listen();
        if (message.lastEventId) heardUpTo.set(url, message.lastEventId);
        handlers.event(type, parsed(message.data));
      });
    }
  };

  connect();
  return stop;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
