"""The gallery of the page: built once, and served as a browser may keep it."""

from __future__ import annotations

import contextlib
import mimetypes
import os
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from jupyterhub._data import DATA_FILES_PATH
from playwright.sync_api import Page

from tests.support.parts import UI

HUB_STATIC: Final = Path(DATA_FILES_PATH) / "static"
VITE: Final = UI / "node_modules" / ".bin" / "vite"
SCREENS: Final = sorted(
    path.stem for path in (UI / "src" / "gallery" / "states").glob("*.ts") if path.stem != "index"
)
THEMES: Final = ("light", "dark")
_AXE: Final = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
_RUN_AXE: Final = """async (which) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const colours = { type: "rule", values: ["color-contrast"] };
  const runOnly = which === "colours" ? colours : { type: "tag", values: tags };
  const rules = which === "structure" ? { "color-contrast": { enabled: false } } : {};
  const { violations } = await axe.run(document, { runOnly, rules, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}"""
_STILL: Final = """() => new Promise((resolve) => requestAnimationFrame(() =>
  requestAnimationFrame(() => setTimeout(resolve, 10))))"""
# Controls that nobody can reach: past a side of the window, or past the end of what is fixed there
# and does not scroll.
_OUTSIDE: Final = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  const scrolls = (element, axis) => {
    const style = getComputedStyle(element);
    return /auto|scroll/.test(axis === "x" ? style.overflowX : style.overflowY);
  };
  const kept = (element) => {
    let [x, y, fixed] = [false, false, false];
    for (let at = element; at; at = at.parentElement) {
      if (at !== element && scrolls(at, "x")) x = true;
      if (at !== element && scrolls(at, "y")) y = true;
      if (getComputedStyle(at).position === "fixed") { fixed = true; break; }
    }
    return { x, y: y || !fixed };
  };
  const controls = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  for (const element of document.querySelectorAll(controls)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1) continue;
    const reach = kept(element);
    const aside = !reach.x && (left < -1 || right > innerWidth + 1);
    const beyond = !reach.y && (top < -1 || bottom > innerHeight + 1);
    if (aside || beyond) found.push(element.outerHTML.slice(0, 160));
  }
  return found;
}"""


class _Files(BaseHTTPRequestHandler):
    """Answers from a build and the hub's static files; what was fetched once is not asked again."""

    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, *arguments: Any) -> None:
        self.folders = (folder, HUB_STATIC)
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.lstrip("/")
        found = next((place for one in self.folders if (place := one / path).is_file()), None)
        body = found.read_bytes() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Build the gallery of the sources as they are now; give the address where it is served."""
    command = [str(VITE), "build", "--config", "vite.gallery.config.ts", "--logLevel", "warn"]
    environment = {**os.environ, "GALLERY_OUT": str(folder), "HUB_STATIC": str(HUB_STATIC)}
    subprocess.run(command, cwd=UI, env=environment, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def states_by_screen(page: Page) -> dict[str, list[str]]:
    """Return the names of all states, as the gallery's first page lists them."""
    page.goto("gallery.html")
    page.get_by_role("heading", name="Gallery").wait_for()
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("nav section")].map((section) =>
          [section.querySelector("h2").textContent,
           [...section.querySelectorAll("a")].map((link) => link.textContent)]))"""
    )
    return found


def show(page: Page, state: str, theme: str = "light") -> None:
    """Open a state and wait until it stands still.

    Raises:
        AssertionError: when it does not come about, or asks what nothing answers.
    """
    page.goto(f"gallery.html?state={state}&theme={theme}", wait_until="commit")
    page.locator("html[data-gallery]").wait_for(state="attached", timeout=30_000)
    came, unanswered = page.evaluate(
        "() => [document.documentElement.dataset.gallery,"
        " document.documentElement.dataset.unanswered ?? '']"
    )
    assert (came, unanswered) == ("ready", ""), f"{state}: {came}; unanswered: {unanswered}"


def turn(page: Page, theme: str, size: tuple[int, int]) -> None:
    """Show the state that is there in another theme and window."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
    page.evaluate(_STILL)


def violations(page: Page, which: Literal["all", "colours", "structure"] = "all") -> list[Any]:
    """Return what axe finds against WCAG 2.2 AA, with the places: all, contrast, or all but it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[Any] = page.evaluate(_RUN_AXE, which)
    return found


def out_of_reach(page: Page) -> list[str]:
    """Return the controls that lie outside of the window, and whether the page scrolls sideways."""
    found: list[str] = page.evaluate(_OUTSIDE)
    return found
