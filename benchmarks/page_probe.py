"""What runs in the page to measure it: when something is painted, shifts, long tasks, streams."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

# Before anything else of the page: every stream can be spoken through, every paint is timed.
PROBE: Final = """
window.probe = { shift: 0, tasks: [], events: [], lists: [], streams: [], rows: 0, ready: 0 };
const afterPaint = (done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now());
  channel.port2.postMessage(0);
});
window.afterPaint = afterPaint;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) probe.shift += each.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) probe.tasks.push(each.duration);
}).observe({ type: "longtask", buffered: true });
for (const type of ["click", "keydown"]) {
  addEventListener(type, (event) => {
    afterPaint((at) => probe.events.push(at - event.timeStamp));
  }, { capture: true });
}
window.EventSource = class extends EventSource {
  constructor(url) { super(url); probe.streams.push(this); }
};
const plain = window.fetch;
window.fetch = async (input, options) => {
  const began = performance.now();
  const answer = await plain(input, options);
  if (/sessions\\?tab=.*limit=[1-9]/.test(String(input))) {
    const told = answer.json.bind(answer);
    answer.json = async () => {
      const data = await told();
      // React draws within a task or two of the answer.
      setTimeout(() => afterPaint((at) => probe.lists.push(at - began)), 0);
      return data;
    };
  }
  return answer;
};
const look = () => {
  if (!document.querySelector("tbody tr th")) return void requestAnimationFrame(look);
  afterPaint((at) => {
    probe.rows = at;
    requestIdleCallback(() => { probe.ready = performance.now(); });
  });
};
requestAnimationFrame(look);
"""
# Resolves with the moment at which an element that fits is painted.
SEEN: Final = """([selector, text]) => new Promise((resolve) => {
  const look = () => [...document.querySelectorAll(selector)].some((each) =>
    each.textContent.includes(text) && each.checkVisibility());
  const watch = () => {
    if (look()) afterPaint(() => resolve(performance.timeOrigin + performance.now()));
    else requestAnimationFrame(watch);
  };
  watch();
})"""
# Tells the page's stream of `count` changes of a session's name, so many at once, so often.
TELL: Final = """async ([session, count, atOnce, every]) => {
  const stream = probe.streams.find((each) => each.url.includes("/events"));
  let told = 0;
  let revision = session.revision;
  while (told < count) {
    for (let n = 0; n < atOnce && told < count; n++, told++) {
      revision += 1;
      const data = JSON.stringify({ ...session, revision, name: `told-${told}` });
      stream.dispatchEvent(new MessageEvent("session", { data }));
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  return revision;
}"""


def read(page: Page, name: str) -> Any:
    """Return what the probe has noted under a name."""
    return page.evaluate("(name) => probe[name]", name)


def forget(page: Page, name: str) -> None:
    """Begin a list of the probe anew."""
    page.evaluate("(name) => { probe[name] = []; }", name)


def heap(page: Page) -> float:
    """Return the bytes that the page's heap holds once what is unused is collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used = float(session.send("Runtime.getHeapUsage")["usedSize"])
    session.detach()
    return used
