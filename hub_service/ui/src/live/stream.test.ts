import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Listener = (message: { data: string; lastEventId: string }) => void;

/** A browser's `EventSource` whose line is in the test's hands. */
class Source {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly listeners = new Map<string, Listener>();

  constructor(readonly url: string) {
    Source.all.push(this);
  }

  addEventListener(type: string, listener: Listener) {
    this.listeners.set(type, listener);
  }

  send(type: string, lastEventId = "") {
    this.listeners.get(type)?.({ data: "{}", lastEventId });
  }

  /** As a browser tells of an answer that is no stream. */
  refuse() {
    this.readyState = Source.CLOSED;
    this.onerror?.();
  }

  close() {
    this.readyState = Source.CLOSED;
  }
}

const API = "/services/sessions/api/v1/";

function newest(): Source {
  const found = Source.all.at(-1);
  if (!found) throw new Error("No stream was opened.");
  return found;
}

async function open(url = `${API}events`) {
  const { openStream } = await import("./stream");
  const handlers = { opened: vi.fn(), lost: vi.fn(), event: vi.fn() };
  return { ...handlers, close: openStream(url, ["hello", "session"], handlers) };
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  Source.all = [];
  const boot = { me: { name: "anna", admin: false }, api: API, events_after: "first=" };
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("document", { getElementById: () => ({ textContent: JSON.stringify(boot) }) });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the stream goes on where the first list of the page stands", async () => {
  await open();
  expect(newest().url).toBe(`${API}events?after=first%3D`);
});

test("a stream that is opened anew goes on after the last event that was heard", async () => {
  const first = await open();
  newest().send("session", "second");
  newest().send("session");
  first.close();
  await open();
  expect(newest().url).toBe(`${API}events?after=second`);
});

test("a stream without ids is asked for as it is", async () => {
  await open(`${API}sessions/s1/events`);
  newest().send("session");
  expect(newest().url).toBe(`${API}sessions/s1/events`);
});

const openLines = () => Source.all.filter(({ readyState }) => readyState !== Source.CLOSED);

test("after a refusal there is one line, made when the back-off is over", async () => {
  await open();
  newest().onopen?.();
  vi.advanceTimersByTime(10_000);
  newest().refuse();
  // The line was silent for 12 s meanwhile, which is no reason for another one.
  vi.advanceTimersByTime(1_900);
  expect(Source.all).toHaveLength(1);
  vi.advanceTimersByTime(20_000);
  expect(Source.all).toHaveLength(2);
  expect(openLines()).toHaveLength(1);
});

test("a line that is refused again and again is tried less and less often, one at a time", async () => {
  const { close } = await open();
  newest().onopen?.();
  for (let refusals = 0; refusals < 5; refusals += 1) {
    newest().refuse();
    expect(openLines()).toHaveLength(0);
    vi.advanceTimersByTime(30_000);
    expect(openLines()).toHaveLength(1);
  }
  expect(Source.all).toHaveLength(6);
  newest().refuse();
  close();
  vi.advanceTimersByTime(60_000);
  expect(openLines()).toHaveLength(0);
});

test("a line without beats is taken for dead and made anew", async () => {
  const { lost, event } = await open();
  newest().onopen?.();
  for (let beats = 0; beats < 100; beats += 1) {
    vi.advanceTimersByTime(11_000);
    newest().send("beat");
  }
  vi.advanceTimersByTime(11_000);
  expect(lost).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(lost).toHaveBeenCalledOnce();
  expect(Source.all).toHaveLength(2);
  expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
  expect(event).not.toHaveBeenCalled();
});
