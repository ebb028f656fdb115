"""The processes below a process: finding them, and signalling them without hitting a stranger."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One process; `started` is its start time in clock ticks since boot, 0 if nobody knows."""

    pid: int
    parent: int
    started: int
    is_zombie: bool
    group: int = 0


def read_process(pid: int) -> Process | None:
    """Read one process, or answer None if there is none with this pid."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read()
    except OSError:
        return None
    # The name in parentheses may itself hold blanks and parentheses: cut after the last one.
    fields = text[text.rindex(b")") + 2 :].split()
    is_zombie = fields[0] in (b"Z", b"X")
    return Process(pid, int(fields[1]), int(fields[19]), is_zombie, int(fields[2]))


def start_ticks(pid: int) -> int | None:
    """Answer when a process started, in clock ticks since boot, or None if it is not there."""
    process = read_process(pid)
    return process.started if process else None


def is_alive(pid: int, started: int) -> bool:
    """Say whether this very process (not a later one with the same pid) still runs."""
    if not started:
        return is_there(pid)
    process = read_process(pid)
    return process is not None and process.started == started and not process.is_zombie


def is_there(pid: int) -> bool:
    """Say whether any process has this pid, which is all that a system without /proc tells."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def has_proc() -> bool:
    """Say whether this system shows its processes as files."""
    return os.path.exists("/proc/self/stat")


def list_by_ps() -> list[Process]:
    """Ask the program `ps` for every process, as every Unix has it."""
    columns = "pid=,ppid=,pgid=,state="
    answer = subprocess.run(["ps", "-A", "-o", columns], stdout=subprocess.PIPE, check=False)
    found = []
    for line in answer.stdout.splitlines():
        pid, parent, group, state = line.split(None, 3)
        found.append(Process(int(pid), int(parent), 0, state.startswith(b"Z"), int(group)))
    return found


def all_processes() -> list[Process]:
    """Read every process this user may see."""
    if not has_proc():
        return list_by_ps()
    found = (read_process(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [process for process in found if process is not None]


def descendants(root: int) -> list[Process]:
    """List all living processes below `root`, parents before their children."""
    children: dict[int, list[Process]] = {}
    for process in all_processes():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    queue = [root]
    while queue:
        below = children.pop(queue.pop(), [])
        found.extend(process for process in below if not process.is_zombie)
        queue.extend(process.pid for process in below)
    return found


def is_below(pid: int, root: int) -> bool:
    """Say whether process `pid` is `root` or descends from it."""
    seen: set[int] = set()
    while pid > 1 and pid not in seen:
        if pid == root:
            return True
        seen.add(pid)
        process = read_process(pid)
        pid = process.parent if process else 0
    return False


def send(process: Process, signal_number: int) -> bool:
    """Signal exactly this process; answer False if it is gone or not ours to signal."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:
        return False
    try:
        if start_ticks(process.pid) != process.started:
            return False
        signal.pidfd_send_signal(descriptor, signal_number)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def send_to_all(processes: Iterable[Process], signal_number: int) -> int:
    """Signal each of these processes and answer how many took it."""
    return sum(send(process, signal_number) for process in processes)
