"""The shells of a session: named terminals that outlive the pages that show them."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from terminado.management import NamedTermManager, PtyWithClients
from tornado.ioloop import IOLoop

from .command import make_shell_command

MAIN = "1"  # the terminal of the plain address
MOST_TERMINALS = 20
KEPT_CHARACTERS = 400_000  # of a terminal's output, for a page that comes back


class Scrollback(deque[str]):
    """A terminal's last output, bounded by characters (terminado bounds by number of reads)."""

    def __init__(self, pieces: Any = (), most: int = KEPT_CHARACTERS) -> None:
        super().__init__(pieces)
        self.most = most
        self.size = sum(map(len, self))

    def append(self, piece: str) -> None:
        """Add what was read, and forget the oldest beyond the bound."""
        super().append(piece)
        self.size += len(piece)
        while self.size > self.most and len(self) > 1:
            self.size -= len(self.popleft())


class Terminal(PtyWithClients):
    """One shell, its output kept, with a thread of its own for input that may block."""

    def __init__(self, argv: list[str], env: dict[str, str], cwd: str) -> None:
        super().__init__(argv, env, cwd)
        self.read_buffer = Scrollback()
        self.executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="input")
        self.is_paused = False

    def foreground_job(self) -> str | None:
        """Return the name of the program in the foreground; None while the shell itself waits."""
        try:
            group = os.tcgetpgrp(self.ptyproc.fd)
        except OSError:
            return None
        if group <= 0 or group == self.ptyproc.pid:
            return None
        return program_name(group)


class Terminals(NamedTermManager):
    """All shells of this session."""

    def __init__(self, folder: Path) -> None:
        self.argv = make_shell_command(os.environ)
        super().__init__(
            shell_command=self.argv[0],
            max_terminals=MOST_TERMINALS,
            term_settings={"cwd": str(folder)},
            extra_env=make_changes(dict(os.environ)),
        )

    def new_terminal(self, **kwargs: Any) -> PtyWithClients:
        """Start a shell as terminado does, with our scrollback and input thread."""
        options = {**self.term_settings, **kwargs}
        return Terminal(self.argv, self.make_term_env(**options), options["cwd"])

    def on_eof(self, ptywclients: PtyWithClients) -> None:
        """Forget a shell that has ended, and its input thread."""
        super().on_eof(ptywclients)
        if isinstance(ptywclients, Terminal):
            ptywclients.executor.shutdown(wait=False, cancel_futures=True)

    def pause(self, terminal: Terminal) -> None:
        """Stop reading a terminal, so that its program waits, until those who see it caught up."""
        if not terminal.is_paused and terminal.ptyproc.fd in self.ptys_by_fd:
            terminal.is_paused = True
            IOLoop.current().remove_handler(terminal.ptyproc.fd)

    def resume(self, terminal: Terminal) -> None:
        """Read a terminal again."""
        if terminal.is_paused and terminal.ptyproc.fd in self.ptys_by_fd:
            terminal.is_paused = False
            loop = IOLoop.current()
            loop.add_handler(terminal.ptyproc.fd, self.pty_read, loop.READ)

    def foreground_jobs(self) -> tuple[str, ...]:
        """Return the names of the programs in the foreground of all shells."""
        found = (
            terminal.foreground_job()
            for terminal in self.terminals.values()
            if isinstance(terminal, Terminal)
        )
        return tuple(sorted(name for name in found if name is not None))


def make_changes(environment: dict[str, str]) -> dict[str, str | None]:
    """Make what a shell's environment differs in: colours, UTF-8, no size that goes stale."""
    changes: dict[str, str | None] = {"COLORTERM": "truecolor", "COLUMNS": None, "LINES": None}
    changes["PYXTERM_DIMENSIONS"] = None
    locale = next(
        (value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(name))), ""
    )
    if "utf" not in locale.casefold():
        changes.update({"LC_ALL": None, "LC_CTYPE": None, "LANG": "C.UTF-8"})
    return changes


def program_name(group: int) -> str:
    """Return the name of a process group's leader as the kernel has it: never its arguments."""
    try:
        return Path(f"/proc/{group}/comm").read_text(errors="replace").strip() or "a program"
    except OSError:
        return "a program"
