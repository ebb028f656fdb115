/** One `EventSource` with the page's own patience: back-off after refusals, a closed end. */

export interface StreamHandlers {
  opened: () => void;
  lost: () => void;
  event: (type: string, data: unknown) => void;
}

const SILENT_FOR = 40_000;

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
  let hasBeats = false;

  // A proxy may hold a line whose other end is dead. Once the service has sent a beat, a line
  // without any for `SILENT_FOR` is taken for dead and made anew.
  const listen = () => {
    window.clearTimeout(silence);
    if (hasBeats) silence = window.setTimeout(renew, SILENT_FOR);
  };
  const renew = () => {
    source?.close();
    handlers.lost();
    connect();
  };

  const connect = () => {
    source = new EventSource(url);
    source.addEventListener("beat", () => {
      hasBeats = true;
      listen();
    });
    source.onopen = () => {
      failures = 0;
      listen();
      handlers.opened();
    };
    source.onerror = () => {
      handlers.lost();
      // After a refusal (401, 503) the browser gives up; a cut line it mends by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      failures += 1;
      timer = window.setTimeout(connect, Math.min(30_000, 1000 * 2 ** failures));
    };
    for (const type of types) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        listen();
        handlers.event(type, parsed(message.data));
      });
    }
  };

  connect();
  return () => {
    window.clearTimeout(timer);
    window.clearTimeout(silence);
    source?.close();
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
