/** `fetch` and `EventSource` of the gallery: they answer from the state's table, and nobody else. */
import { API } from "./addresses";
import { Plain, Refused, Silent, type Answers, type Asked } from "./answers";
import type { News, State } from "./state";

let underWay = 0;
const unanswered = new Set<string>();

/** Whether a call still waits for its answer. */
export function isBusy(): boolean {
  return underWay > 0;
}

export function installNetwork(state: State, answers: Answers): void {
  window.fetch = async (input, init) => {
    const url = new URL(String(input), location.href);
    underWay += 1;
    // A task of its own for each answer, as from a network.
    await new Promise((resolve) => window.setTimeout(resolve, 0));
    const answer = answerTo(url, init, answers);
    if (answer instanceof Silent && answer.how === "never") return waiting(init?.signal);
    underWay -= 1;
    if (answer instanceof Silent) throw new TypeError("The line is cut.");
    return answer;
  };
  window.EventSource = streamsOf(state) as unknown as typeof EventSource;
  navigator.sendBeacon = () => true;
}

/** A call whose answer never comes; it does not keep the gallery from being ready. */
function waiting(signal: AbortSignal | null | undefined): Promise<Response> {
  underWay -= 1;
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}

function answerTo(url: URL, init: RequestInit | undefined, answers: Answers): Response | Silent {
  const path = url.pathname.startsWith(API) ? url.pathname.slice(API.length) : null;
  if (path === null) return new Response("<!doctype html>", { status: 200 });
  const asked = `${init?.method ?? "GET"} ${path}`;
  const found = find(answers, asked);
  if (!found) {
    unanswered.add(asked);
    document.documentElement.dataset.unanswered = [...unanswered].join(", ");
    return jsonOf(404, { error: { code: "missing", message: `Nothing answers ${asked}.` } });
  }
  const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : null;
  const given = found.answer;
  const asking: Asked = { id: found.id, query: url.searchParams, body };
  const answer = typeof given === "function" ? (given as (a: Asked) => unknown)(asking) : given;
  if (answer instanceof Silent) return answer;
  if (answer instanceof Refused) {
    const { status, error, retryAfter } = answer;
    return jsonOf(status, { error }, retryAfter ? { "Retry-After": String(retryAfter) } : {});
  }
  if (answer instanceof Plain) return new Response(answer.text, { status: 200 });
  return answer === null ? new Response(null, { status: 204 }) : jsonOf(200, answer);
}

/** The answer of a route; the part after its first word may be an id. */
function find(answers: Answers, asked: string) {
  const table = answers as Partial<Record<string, unknown>>;
  if (asked in table) return { answer: table[asked], id: "" };
  const [, first = "", id = "", rest = ""] = /^(\w+ [\w-]+)\/([^/]+)(\/.+)?$/.exec(asked) ?? [];
  const route = `${first}/{id}${rest}`;
  return route in table ? { answer: table[route], id } : null;
}

function jsonOf(status: number, data: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(data), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** Streams that open at once, tell what the state says, and beat as the service's do. */
function streamsOf(state: State) {
  return class extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readyState = 0;
    onopen: (() => void) | null = null;
    onerror: (() => void) | null = null;
    private beat: number | undefined;

    constructor(url: string) {
      super();
      const path = new URL(url, location.href).pathname.slice(API.length);
      const news = state.streams?.[path] ?? [];
      // Tests tell more later: `dispatchEvent(new CustomEvent("gallery-news", { detail }))`.
      window.addEventListener("gallery-news", (event) => {
        const { detail } = event as CustomEvent<{ path: string; news: readonly News[] }>;
        if (detail.path === path && this.readyState === 1) this.send(detail.news);
      });
      window.setTimeout(() => {
        if (news === "lost" || state.isOffline) this.fail();
        else this.tell(news as readonly News[]);
      }, 0);
    }

    private fail(): void {
      this.readyState = 2;
      this.onerror?.();
    }

    private tell(news: readonly News[]): void {
      if (this.readyState === 2) return;
      this.readyState = 1;
      this.onopen?.();
      this.beat = window.setInterval(() => this.dispatchEvent(new MessageEvent("beat")), 5000);
      this.send(news);
    }

    private send(news: readonly News[]): void {
      for (const [type, data] of news) {
        this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
      }
    }

    close(): void {
      this.readyState = 2;
      window.clearInterval(this.beat);
    }
  };
}
