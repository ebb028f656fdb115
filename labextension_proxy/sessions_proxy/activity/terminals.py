"""The terminals of JupyterLab and VS Code: typing and foreground jobs in them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import Process, descendants, foreground_jobs, read_processes

CODE_MODULE = b"sessions_proxy.code.launch"
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Terminals:
    """Programs in the foreground, and when somebody last typed in JupyterLab's terminals."""

    lab_jobs: tuple[str, ...] = ()
    code_jobs: tuple[str, ...] = ()
    lab_typed: float | None = None


class TerminalWatch:
    """Looks at the process table, in a thread, while there is a terminal to look for."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.seen = Terminals()
        self.looked = 0.0

    async def look(self, now: float, *, code_is_used: bool) -> Terminals:
        """Return what is going on, at most half a second old."""
        shells = self._lab_shells()
        if not shells and not code_is_used:
            self.seen = Terminals(lab_typed=self.seen.lab_typed)
        elif now - self.looked >= LOOK_SECONDS:
            self.looked = now
            self.seen = await asyncio.to_thread(look_at_terminals, shells, self.seen.lab_typed)
        return self.seen

    def _lab_shells(self) -> frozenset[int]:
        manager = self.settings.get("terminal_manager")
        terminals = getattr(manager, "terminals", None) or {}
        return frozenset(terminal.ptyproc.pid for terminal in list(terminals.values()))


def look_at_terminals(lab_shells: frozenset[int], typed: float | None) -> Terminals:
    """Read the process table once for all terminals below this process."""
    processes = read_processes()
    inside = descendants(processes, _is_code_launcher)
    times = [time for pid in lab_shells if (time := _last_read(pid)) is not None]
    return Terminals(
        lab_jobs=tuple(foreground_jobs(processes, lab_shells)),
        code_jobs=tuple(foreground_jobs(processes, inside)),
        lab_typed=max([*times, *([typed] if typed else [])], default=None),
    )


def _is_code_launcher(process: Process) -> bool:
    if process.parent != os.getpid():
        return False
    try:
        return CODE_MODULE in Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _last_read(shell: int) -> float | None:
    """Return when a program last read from a shell's terminal: somebody had typed (8 s exact)."""
    try:
        return Path(f"/proc/{shell}/fd/0").stat().st_atime
    except OSError:
        return None
