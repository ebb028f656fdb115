"""What the shell's program tells the server beside it: a small file, replaced whole."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

STATE_FILE = "shell.json"


@dataclass(frozen=True)
class ShellState:
    """When somebody last typed (seconds since 1970) and which programs run in the foreground."""

    last_input: float | None = None
    jobs: tuple[str, ...] = ()


def write_state(path: Path, state: ShellState) -> None:
    """Replace the file at `path`, with the writer's process id so that a dead writer is known."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps({**asdict(state), "pid": os.getpid()}))
    new.replace(path)


def read_state(path: Path) -> ShellState:
    """Read the file at `path`; nothing runs and nothing was typed if there is none."""
    try:
        read = json.loads(path.read_text())
    except (OSError, ValueError):
        return ShellState()
    jobs = tuple(map(str, read["jobs"])) if _is_child(read["pid"]) else ()
    return ShellState(read["last_input"], jobs)


def _is_child(pid: int) -> bool:
    """Tell whether the writer still runs: a child of the reader, so its number is not reused."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    fields = status.rpartition(")")[2].split()
    return fields[0] != "Z" and int(fields[1]) == os.getpid()
