"""Telling real use from polling in what browsers and programs ask of the Jupyter server.

An open JupyterLab asks for kernels, sessions, terminals and the folder it shows every few seconds,
used or not; all of that are reads. Use is
- a page opened by a person: a request that the browser itself marks as a navigation,
- a write that somebody caused: a file saved, made, renamed or deleted, a kernel or terminal started
  or stopped, a setting changed. JupyterLab saves by itself only what was edited since.
Execution is seen at the kernels. A program's page on a port counts likewise: opened or posted to,
while what it reads by itself does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .uses import Kind, Use

if TYPE_CHECKING:
    from tornado.web import RequestHandler

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WRITTEN = re.compile(
    r"(?:api/(?:contents|kernels|sessions|terminals|nbconvert)|lab/api/settings)\b"
)
PORT = re.compile(r"proxy/(?:absolute/)?(?:[^/:]+:)?(\d+)(?:/|$)")
NO_PAGES = re.compile(r"(?:login|logout|oauth_callback|static|api|sessions|server-proxy)(?:/|$)")

LAB_SENTENCE = "A page was opened or something was saved in JupyterLab."


@dataclass(frozen=True)
class Asked:
    """What of a request matters here; `path` starts after the server's base address."""

    method: str
    path: str
    status: int
    navigates: bool


def classify(asked: Asked) -> tuple[Kind, str] | None:
    """Return kind and sentence of the use that a request is; None if it is none."""
    if not (200 <= asked.status < 300 or asked.status == 304):
        return None
    opens = asked.navigates and asked.method == "GET"
    writes = asked.method in WRITES
    if port := PORT.match(asked.path):
        return ("port", f"A page of port {port[1]} was used.") if opens or writes else None
    if asked.path.startswith("code/"):
        return None  # seen where its traffic passes
    if asked.path.startswith("bash/"):
        return ("shell", "The shell's page was opened.") if opens else None
    if (opens and not NO_PAGES.match(asked.path)) or (writes and WRITTEN.match(asked.path)):
        return "lab", LAB_SENTENCE
    return None


class Requests:
    """Remembers the last use of each kind among the server's requests."""

    def __init__(self, base_url: str, clock: Callable[[], float]) -> None:
        self.base_url = base_url
        self.clock = clock
        self.last: dict[Kind, Use] = {}

    def note(self, handler: RequestHandler) -> None:
        """Look at a request that was just answered."""
        request = handler.request
        path = request.path or ""
        if not path.startswith(self.base_url) or not handler.current_user:
            return
        navigates = request.headers.get("Sec-Fetch-Mode") == "navigate"
        rest = path.removeprefix(self.base_url)
        found = classify(Asked(request.method or "", rest, handler.get_status(), navigates))
        if found is not None:
            kind, sentence = found
            self.last[kind] = Use(kind, self.clock(), busy=False, sentence=sentence)
