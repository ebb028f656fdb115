"""Everything that is observed of the session, put together at one moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..code.program import find_program
from ..code.traffic import CONNECTED_SECONDS, last_traffic
from ..private_folder import private_folder
from ..shell.state import STATE_FILE, ShellState, read_state
from .doors import make_code_use, make_shell_use
from .kernels import Kernels
from .requests import Requests
from .terminals import TerminalWatch
from .uses import Kind, Use


class Observer:
    """Looks at kernels, requests, VS Code and terminals of one server."""

    def __init__(
        self,
        settings: dict[str, Any],
        base_url: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.requests = Requests(base_url, clock)
        self.kernels = Kernels(settings["kernel_manager"], settings["session_manager"])
        self.terminals = TerminalWatch(settings)
        self.shell = _ShellFile(private_folder() / STATE_FILE)

    async def look(self) -> dict[Kind, Use]:
        """Return the uses that there ever were, each as it is now."""
        now = self.clock()
        traffic = last_traffic()
        if traffic is not None and find_program() is None:
            traffic = None  # only of the page that says so
        terminals = await self.terminals.look(now, code_is_used=traffic is not None)
        shell = self.shell.read()
        typed = max(filter(None, (shell.last_input, terminals.lab_typed)), default=None)
        jobs = shell.jobs + terminals.lab_jobs
        found = [
            await self.kernels.look(now),
            self.requests.last.get("lab"),
            make_code_use(traffic, terminals.code_jobs, now, CONNECTED_SECONDS),
            make_shell_use(typed, jobs, self.requests.last.get("shell"), now),
            self.requests.last.get("port"),
        ]
        return {use.kind: use for use in found if use is not None}


class _ShellFile:
    """The shell program's note, read again only when it was replaced or says that a job runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = (0, 0)
        self.state = ShellState()

    def read(self) -> ShellState:
        try:
            status = self.path.stat()
        except OSError:
            return self.state
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self.stamp or self.state.jobs:
            self.stamp = stamp
            self.state = read_state(self.path)
        return self.state
