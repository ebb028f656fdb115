/** One `EventSource` with the page's own patience: back-off after refusals, a closed end. */

export interface StreamHandlers {
  opened: () => void;
  lost: () => void;
  event: (type: string, data: unknown) => void;
}

/** Open the stream of `url` for these event types; returns the function that closes it. */
export function openStream(
  url: string,
  types: readonly string[],
  handlers: StreamHandlers,
): () => void {
  let source: EventSource | null = null;
  let timer: number | undefined;
  let failures = 0;

  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      failures = 0;
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
        handlers.event(type, parsed(message.data));
      });
    }
  };

  connect();
  return () => {
    window.clearTimeout(timer);
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
