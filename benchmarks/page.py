"""The budgets of the page, in Chromium against a real product with a long history.

`python -m benchmarks.page [--rounds 5] [--rows 10000] [--rest 120] [--quick]` prints a line a
budget and exits with 1 if one is passed. Times in the page end when the change is painted, in a
Chromium that waits for no screen; a load begins with an empty cache.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from benchmarks.page_probe import PROBE, SEEN, TELL, forget, heap, read
from benchmarks.page_rows import fill
from benchmarks.report import median, percentile, surroundings
from tests.browser.conftest import FLAGS, SETTINGS, sign_in
from tests.support.parts import UI, find_chromium
from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

BETWEEN_KEYS: Final = 60  # ms: a quick typist; keys sent at once would measure their queue
LETTERS: Final = "aeorcmtids"
UNLIMITED_FRAMES: Final = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
_SIZE: Final = re.compile(r"(\w+): ([\d.]+) of (\d+) kB")


@dataclass(frozen=True)
class Figure:
    """What was measured of one budget."""

    what: str
    measured: float
    budget: float
    unit: str = "ms"

    @property
    def is_over(self) -> bool:
        """Tell whether the budget is passed."""
        return self.measured > self.budget

    def line(self) -> str:
        """Return the line that is printed and kept in the README."""
        over = "  OVER" if self.is_over else ""
        return f"{self.what} | {self.measured:.4g} {self.unit} | {self.budget:g} {self.unit}{over}"


class PageBench:
    """The measurements over one product and one Chromium."""

    def __init__(self, product: Product, browser: Browser, rounds: int) -> None:
        self._product = product
        self._browser = browser
        self._rounds = rounds
        self._signed_in: StorageState | None = None

    @contextmanager
    def opened(self, path: str = "") -> Iterator[Page]:
        """Give the page at a path in a browser with an empty cache."""
        context = self._browser.new_context(
            viewport={"width": 1280, "height": 800}, storage_state=self._signed_in
        )
        page = context.new_page()
        if self._signed_in is None:
            sign_in(page, self._product, self._product.user)
            self._signed_in = context.storage_state()
        page.add_init_script(PROBE)
        page.goto(self._product.base + path)
        page.get_by_role("heading", level=1).wait_for()
        yield page
        context.close()

    def sizes(self) -> list[Figure]:
        """Measure the build's parts as `npm run budget` does."""
        command = ["node", "scripts/budget.mjs"]
        said = subprocess.run(command, cwd=UI, capture_output=True, text=True, check=False).stdout
        return [
            Figure(f"{name}, gzip", float(size), float(budget), "kB")
            for name, size, budget in _SIZE.findall(said)
        ]

    def loads(self) -> list[Figure]:
        """Measure the first paint with rows, when the page is idle then, and what moved."""
        noted: dict[str, list[float]] = {"rows": [], "ready": [], "shift": []}
        for _ in range(self._rounds):
            with self.opened("history") as page:
                page.evaluate(SEEN, ["tbody tr th", ""])
                page.wait_for_timeout(2500)  # what comes later may move something too
                for name, values in noted.items():
                    values.append(read(page, name))
        return [
            Figure("first paint with rows", median(noted["rows"]), 800),
            Figure("ready for input", median(noted["ready"]), 1200),
            Figure("layout shift", max(noted["shift"]), 0.02, "of the window"),
        ]

    def form(self) -> list[Figure]:
        """Measure a key in the form, the way into it, and the way from it to the new row."""
        keys: list[float] = []
        dialogs: list[float] = []
        rows: list[float] = []
        with self.opened() as page:
            page.wait_for_timeout(3000)  # the form's part is loaded when the page is idle
            for number in range(self._rounds):
                name = f"made-here-{number}"
                button = page.get_by_role("button", name="New session").first
                dialogs.append(timed(page, button.click, ["dialog h2", "New session"]))
                forget(page, "events")
                field = page.get_by_label("Name (optional)")
                field.press_sequentially(name, delay=BETWEEN_KEYS)
                keys += read(page, "events")
                page.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
                create = page.get_by_role("button", name="Create session")
                rows.append(timed(page, create.click, ["tbody th", name]))
                self._product.stop_all()
        return [
            Figure("key to paint in the form", median(keys), 16),
            Figure("dialog open", median(dialogs), 100),
            Figure("create click to row", median(rows), 300),
        ]

    def interactions(self) -> list[Figure]:
        """Measure clicks and keys in a list of 100 rows."""
        times: list[float] = []
        with self.opened("history?limit=100") as page:
            expect(page.locator("tbody tr")).to_have_count(100)
            for number in range(4 * self._rounds):
                forget(page, "events")
                page.locator("tbody tr").nth(number).get_by_role("button", name="Actions").click()
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Escape")
                page.get_by_role("button", name="Columns").click()
                page.keyboard.press("Escape")
                page.get_by_role("button", name="Status filter").click()
                page.keyboard.press("Escape")
                times += read(page, "events")
        return [Figure("slowest interaction with 100 rows (p98)", percentile(times, 0.98), 100)]

    def lists(self) -> list[Figure]:
        """Measure pages, filters and searches over the whole history, the service included."""
        with self.opened("history") as page:
            forget(page, "lists")
            for number in range(self._rounds):
                self._walk(page, number)
            times = read(page, "lists")
        return [Figure("any page, filter or search (p98)", percentile(times, 0.98), 200)]

    def _walk(self, page: Page, number: int) -> None:
        steps: list[Callable[[], None]] = [
            page.get_by_role("button", name="Next").click,
            page.get_by_role("button", name="Next").click,
            page.get_by_role("columnheader", name="Session ID").get_by_role("button").click,
        ]
        searchbox = page.get_by_role("searchbox")
        # Each walk asks what none has asked before; the last search has further pages.
        one = LETTERS[number % len(LETTERS)]
        words = (f"needle-{number}", f"%{number}", f"churn-{one}", f"otter-{one}", f"-{one}", one)
        steps += [partial(searchbox.fill, word) for word in words]
        for step in steps:
            before = len(read(page, "lists"))
            step()
            page.wait_for_timeout(450)  # the search field waits for the end of typing
            wait_for(lambda before=before: len(read(page, "lists")) > before, what="a list")  # type: ignore[misc]

    def news(self) -> list[Figure]:
        """Measure what news cost: one, fifty a second, and an hour of one a second."""
        session = self._product.running(name="told-about")
        with self.opened() as page:
            expect(page.get_by_text("Live", exact=False).first).to_be_visible()
            names = [f"news-{number}" for number in range(self._rounds)]
            times = [self._rename(page, session["id"], name) for name in names]
            known = self._product.get(session["id"])
            forget(page, "tasks")
            known["revision"] = page.evaluate(TELL, [known, 50 * self._rounds, 1, 20])
            longest = max(read(page, "tasks"), default=0.0)
            before = heap(page)
            page.evaluate(TELL, [known, 3600, 20, 60])
            page.wait_for_timeout(2000)
            grown = (heap(page) - before) / 1e6
        self._product.stop_all()
        return [
            Figure("event to changed row", median(times), 200),
            Figure("longest task over 50 ms, 50 events a second", longest, 50),
            Figure("heap growth of 3,600 events", grown, 5, "MB"),
        ]

    def _rename(self, page: Page, session_id: str, name: str) -> float:
        version = self._product.get(session_id)["version"]
        seen = page.evaluate_handle(f"(given) => ({{ at: ({SEEN})(given) }})", ["tbody th", name])
        began = time.time()
        body = {"name": name, "version": version}
        self._product.api("PATCH", f"sessions/{session_id}", body, expect=200)
        return float(seen.evaluate("({ at }) => at")) - 1000 * began

    def rest(self, seconds: int) -> list[Figure]:
        """Count what the page asks for while nothing happens."""
        with self.opened() as page:
            page.wait_for_timeout(5000)
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.wait_for_timeout(1000 * seconds)
            streams = page.evaluate("() => probe.streams.filter((s) => s.readyState < 2).length")
        return [
            Figure("requests a minute at rest", len(asked) * 60 / seconds, 2, ""),
            Figure("streams at rest", streams, 1, ""),
        ]


def timed(page: Page, act: Callable[[], None], sign: list[str]) -> float:
    """Return the milliseconds from a click to the paint of what it brings."""
    page.evaluate(
        "() => addEventListener('click', (event) => {"
        " window.clicked = performance.timeOrigin + event.timeStamp; }, { capture: true })"
    )
    act()
    return float(page.evaluate(SEEN, sign)) - float(page.evaluate("() => window.clicked"))


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Start product and Chromium, and yield the figures as they are taken."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        flags = [*FLAGS, *UNLIMITED_FRAMES]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        with running_product(Path(folder), extra=SETTINGS) as product:
            fill(product, options.rows)
            bench = PageBench(product, browser, options.rounds)
            yield from bench.sizes()
            for part in (bench.loads, bench.form, bench.interactions, bench.lists, bench.news):
                yield from part()
            yield from bench.rest(options.rest)
        browser.close()


def main() -> int:
    """Print a line a budget, then the JSON; return 1 if a budget is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rest", type=int, default=120, help="seconds to watch a page at rest")
    parser.add_argument("--quick", action="store_true", help="a look at whether all still works")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.rows, options.rest = 1, 1000, 30
    figures: list[Figure] = []
    for figure in measure(options):
        print(f"{figure.line()}  ({surroundings()})", flush=True)
        figures.append(figure)
    noted: list[dict[str, Any]] = [figure.__dict__ for figure in figures]
    print(json.dumps(noted), file=sys.stderr)
    return int(any(figure.is_over for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
