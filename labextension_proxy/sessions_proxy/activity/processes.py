"""Programs in the foreground of terminals, read from the kernel's process table (proc(5))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process's place among the others and at its terminal."""

    pid: int
    name: str
    parent: int
    group: int
    session: int
    terminal: int
    foreground: int


def parse_stat(text: str) -> Process:
    """Read the text of /proc/PID/stat; the name in it may contain anything.

    Raises:
        ValueError: when it is none.
    """
    before, _, after = text.rpartition(")")
    pid, _, name = before.partition(" (")
    fields = after.split()
    if len(fields) < 6:
        raise ValueError("not a process's stat")
    _state, parent, group, session, terminal, foreground = fields[:6]
    numbers = map(int, (parent, group, session, terminal, foreground))
    return Process(int(pid), name, *numbers)


def read_processes() -> dict[int, Process]:
    """Read all processes that can be seen; those that end meanwhile are left out."""
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            process = parse_stat((folder / "stat").read_text(errors="replace"))
        except (OSError, ValueError):
            continue
        found[process.pid] = process
    return found


def descendants(processes: Mapping[int, Process], is_root: Callable[[Process], bool]) -> set[int]:
    """Return the ids of all processes below those that `is_root` names, not these themselves."""
    children: dict[int, list[int]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process.pid)
    below: set[int] = set()
    waiting = [process.pid for process in processes.values() if is_root(process)]
    while waiting:
        for pid in children.get(waiting.pop(), ()):
            if pid not in below:
                below.add(pid)
                waiting.append(pid)
    return below


def foreground_jobs(processes: Mapping[int, Process], among: Iterable[int]) -> list[str]:
    """Return the names of programs in the foreground of the terminals whose shells are `among`.

    A shell leads a session that has a terminal. While it waits for input, its own process group is
    the terminal's foreground; while a program runs there, that program's is.
    """
    names = []
    for pid in sorted(among):
        shell = processes.get(pid)
        if shell is None or shell.pid != shell.session or shell.terminal == 0:
            continue
        if shell.foreground > 0 and shell.foreground != shell.group:
            job = processes.get(shell.foreground)
            names.append(job.name if job is not None else "a program")
    return names
