"""A small page in VS Code's place, on its socket: why it is not there, and one way on."""

from __future__ import annotations

import html
import os
import re
import socketserver
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from ..plain_page import POLICY, make_plain_page

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")

TRY_AGAIN = '<form method="post" action="./"><button>Try again</button></form>'


@dataclass(frozen=True)
class Trouble:
    """Why VS Code is not there: a sentence, its last lines, and whether trying again may help."""

    sentence: str
    lines: tuple[str, ...] = ()
    status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE
    may_pass: bool = True


ABSENT = Trouble(
    "VS Code is not installed in this session.", status=HTTPStatus.NOT_FOUND, may_pass=False
)


def make_page(trouble: Trouble) -> bytes:
    """Make the page of a trouble; what a program printed is text in it, never markup."""
    lines = "\n".join(ESCAPES.sub("", line) for line in trouble.lines)
    rest = f"<pre>{html.escape(lines)}</pre>" if lines else ""
    if trouble.may_pass:
        rest += TRY_AGAIN
    return make_plain_page("VS Code", trouble.sentence, rest)


def stand_in(socket: Path, trouble: Trouble, retry: Callable[[], Trouble | None]) -> None:
    """Serve the page at `socket` until `retry`, asked for by the page's button, had no trouble."""
    socket.unlink(missing_ok=True)
    with _Server(socket, trouble, retry) as server:
        socket.chmod(0o600)
        while server.trouble is not None:
            server.handle_request()


class _Server(socketserver.UnixStreamServer):
    def __init__(self, socket: Path, trouble: Trouble, retry: Callable[[], Trouble | None]) -> None:
        self.trouble: Trouble | None = trouble
        self.retry = retry
        before = os.umask(0o177)
        try:
            super().__init__(str(socket), _Handler)
        finally:
            os.umask(before)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds a request may take to arrive

    def do_GET(self) -> None:
        """Answer every address with the page."""
        assert self.server.trouble is not None  # noqa: S101  it serves only while there is one
        page = make_page(self.server.trouble)
        self.send_response(self.server.trouble.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", f"{POLICY}; form-action 'self'")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    do_HEAD = do_GET  # noqa: N815  named by http.server

    def do_POST(self) -> None:
        """Try once more to start VS Code, then go back to where the page was."""
        assert self.server.trouble is not None  # noqa: S101  it serves only while there is one
        if self.server.trouble.may_pass:
            self.server.trouble = self.server.retry()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "./")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Leave the log to what matters."""

    def address_string(self) -> str:
        """Name the peer: a unix socket's has no address."""
        return "session"
