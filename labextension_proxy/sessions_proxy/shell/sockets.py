"""A page's connection to a shell: terminado's protocol, and what it leaves out.

terminado has `stdin`, `set_size`, `setup`, `stdout`, `disconnect`. Added, and ignored by those who
do not know them: `setup` says whether old output follows, `ping` is answered by `pong`, and with
`["ack", n]` a page confirms n `stdout` messages. Who sends acks is never sent more than it can
show: the program in the terminal waits, instead of filling the memory of all servers on the way.
"""

from __future__ import annotations

import json
import re
import time
from asyncio import Future
from collections import deque
from collections.abc import Callable

from terminado.management import MaxTerminalsReached
from terminado.websocket import TermSocket
from tornado.websocket import WebSocketClosedError

from .terminals import MAIN, Terminal, Terminals

MOST_AHEAD = 1_000_000  # characters sent ahead of the page
RESUME_BELOW = 250_000
STALLED_SECONDS = 30.0  # a page that confirms nothing as long is taken for gone

# What a terminal says by itself: focus, cursor position, device attributes, colours.
BY_ITSELF = re.compile(
    r"(?:\x1b\[[IO]|\x1b\[\??\d+(?:;\d+)*[Rnc]|\x1b\[>\d+(?:;\d+)*c|\x1b\[\?\d+;\d+\$y"
    r"|\x1b\](?:4;\d+|1[0-9]);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\)+"
)


def is_typed(text: str) -> bool:
    """Tell whether somebody typed or pasted `text`, rather than the terminal answering a query."""
    return bool(text) and BY_ITSELF.fullmatch(text) is None


class ShellSocket(TermSocket):
    """One page that shows one terminal; several may show the same."""

    term_manager: Terminals
    terminal: Terminal | None

    def initialize(self, term_manager: Terminals, on_input: Callable[[], None]) -> None:  # type: ignore[override]
        """Take the session's terminals and whom to tell of keystrokes."""
        super().initialize(term_manager)
        self.on_input = on_input
        self.unsent = 0
        self.unconfirmed: deque[int] = deque()
        self.confirms = False
        self.last_progress = time.monotonic()

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        """Leave it to jupyter-server-proxy, the only one that reaches this socket."""
        return True

    def open(self, url_component: str | None = None) -> None:
        """Join the terminal that the address names, started now if there is none."""
        name = url_component or MAIN
        is_old = name in self.term_manager.terminals
        try:
            terminal = self.term_manager.get_terminal(name)
        except (OSError, MaxTerminalsReached) as error:
            self._refuse(error)
            return
        assert isinstance(terminal, Terminal)  # noqa: S101  our manager makes no others
        self.terminal = terminal
        self._blocking_io_executor = terminal.executor
        terminal.clients.append(self)
        self.send_json_message(["setup", {"replay": is_old}])
        if is_old:
            self.on_pty_read("".join(terminal.read_buffer))

    def on_message(self, message: str | bytes) -> None:  # type: ignore[override]
        """Take one message of the page; what is none is left aside."""
        try:
            kind, *rest = json.loads(message)
        except (ValueError, TypeError):
            return
        if self.terminal is None:
            return
        if kind == "stdin" and rest and isinstance(rest[0], str):
            self._type(rest[0])
        elif kind == "set_size" and _is_size(rest[:2]):
            self.size = (rest[0], rest[1])
            self.terminal.resize_to_smallest()
        elif kind == "ack" and rest and isinstance(rest[0], int):
            self._confirm(rest[0])
        elif kind == "ping":
            self.send_json_message(["pong"])

    def on_pty_read(self, text: str) -> None:
        """Send output, and have the terminal wait if the page cannot keep up."""
        try:
            written = self.write_message(json.dumps(["stdout", text]))
        except WebSocketClosedError:
            return
        self.unsent += len(text)
        self.unconfirmed.append(len(text))
        written.add_done_callback(lambda done: self._note_written(done, len(text)))
        if self.terminal is not None and self.backlog() > MOST_AHEAD:
            self.term_manager.pause(self.terminal)

    def backlog(self) -> int:
        """Return how many characters the page is behind."""
        return max(self.unsent, sum(self.unconfirmed) if self.confirms else 0)

    def is_stalled(self, now: float) -> bool:
        """Tell whether a terminal waits for this page, and nothing came from it for too long."""
        return self.backlog() > RESUME_BELOW and now - self.last_progress > STALLED_SECONDS

    def on_close(self) -> None:
        """Leave the terminal running, for the page to come back to."""
        if self.terminal is not None:
            terminal = self.terminal
            terminal.clients.remove(self)
            terminal.resize_to_smallest()
            self._resume_if_all_keep_up(terminal)

    def log_terminal_output(self, log: str = "") -> None:
        """Log nothing: what is typed and shown in a shell is its user's."""

    def _type(self, text: str) -> None:
        if is_typed(text):
            self.on_input()
        self.stdin_to_ptyproc(text).add_done_callback(_forget)

    def _confirm(self, count: int) -> None:
        self.confirms = True
        for _ in range(min(max(count, 0), len(self.unconfirmed))):
            self.unconfirmed.popleft()
        self._note_progress()

    def _note_written(self, written: Future[None], length: int) -> None:
        _forget(written)
        self.unsent -= length
        self._note_progress()

    def _note_progress(self) -> None:
        self.last_progress = time.monotonic()
        if self.terminal is not None:
            self._resume_if_all_keep_up(self.terminal)

    def _resume_if_all_keep_up(self, terminal: Terminal) -> None:
        if all(client.backlog() < RESUME_BELOW for client in terminal.clients):
            self.term_manager.resume(terminal)

    def _refuse(self, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error)
        self.send_json_message(["setup", {"replay": False}])
        self.send_json_message(["stdout", f"The shell could not start: {reason}.\r\n"])
        self.send_json_message(["disconnect", 1])
        self.close()


def _forget(done: Future[None]) -> None:
    """Take a connection's or terminal's end as it is: another callback sees it."""
    if not done.cancelled():
        done.exception()


def _is_size(numbers: list[object]) -> bool:
    return len(numbers) == 2 and all(
        isinstance(number, int) and 0 < number < 10_000 for number in numbers
    )
