"""The program behind the door `bash`: the page and its shells, on a unix socket only."""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback
from tornado.netutil import bind_unix_socket
from tornado.web import Application, RequestHandler, StaticFileHandler

from ..children import end_with_parent
from .sockets import ShellSocket
from .state import ShellState, write_state
from .terminals import Terminals

STATIC = Path(__file__).parent / "static"
LOOK_MILLISECONDS = 500
NOT_BUILT = "The shell's page was not built into this package."
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Page(RequestHandler):
    """The terminal's page, titled with the session's name."""

    def initialize(self, name: str) -> None:
        """Take the session's name."""
        self.name = name

    def set_default_headers(self) -> None:
        """Let the page load and do nothing but its own."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-cache")

    def get(self) -> None:
        """Answer the page."""
        if not (STATIC / "index.html").exists():
            self.set_status(503)
            self.finish(NOT_BUILT)
            return
        self.render("index.html", name=self.name)


class Watch:
    """Notes what happens in the shells, for the server that reports activity."""

    def __init__(self, terminals: Terminals, path: Path) -> None:
        self.terminals = terminals
        self.path = path
        self.last_input: float | None = None
        self.written = ShellState()

    def note_input(self) -> None:
        """Note that somebody typed."""
        self.last_input = time.time()

    def look(self) -> None:
        """Write the state if it has changed, and drop pages that hold a terminal up."""
        state = ShellState(self.last_input, self.terminals.foreground_jobs())
        if state != self.written:
            write_state(self.path, state)
            self.written = state
        now = time.monotonic()
        for terminal in list(self.terminals.terminals.values()):
            for client in [one for one in terminal.clients if one.is_stalled(now)]:
                client.close(1008, "stalled")


def make_application(terminals: Terminals, watch: Watch, name: str) -> Application:
    """Make the web application: the page, its files, and the terminals' sockets."""
    socket = {"term_manager": terminals, "on_input": watch.note_input}
    return Application(
        [
            (r"/", Page, {"name": name}),
            (r"/websocket", ShellSocket, socket),
            (r"/websocket/([a-z0-9]{1,12})", ShellSocket, socket),
            (r"/static/(.*)", StaticFileHandler, {"path": str(STATIC)}),
        ],
        template_path=str(STATIC),
        static_path=None,
        log_function=lambda _handler: None,
        websocket_max_message_size=4 * 1024 * 1024,
    )


async def serve(socket: Path, state: Path, folder: Path, name: str) -> None:
    """Serve until the process is ended."""
    terminals = Terminals(folder)
    watch = Watch(terminals, state)
    socket.unlink(missing_ok=True)
    server = HTTPServer(make_application(terminals, watch, name))
    server.add_socket(bind_unix_socket(str(socket), mode=0o600))
    write_state(state, watch.written)
    PeriodicCallback(watch.look, LOOK_MILLISECONDS).start()
    await asyncio.Event().wait()


def main() -> None:
    """Run the door's program until it is ended."""
    parser = argparse.ArgumentParser(prog="sessions_proxy.shell.serve")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--name", required=True)
    options = parser.parse_args()
    end_with_parent()
    asyncio.run(serve(options.socket, options.state, options.folder, options.name))


if __name__ == "__main__":
    main()
