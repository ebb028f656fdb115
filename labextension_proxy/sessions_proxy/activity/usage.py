"""How much CPU and memory the session uses now: of its own cgroup, else of its processes.

Only from inside it can be told on every cluster alike; it is measured once a report.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .memory import PROC_SELF, is_own_group, own_group
from .processes import PROC, descendants, read_processes

LEAST_SECONDS = 1.0
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Of /proc/PID/stat, after the name: time of its own and of its ended children, in ticks.
TIMES = slice(11, 15)


@dataclass(frozen=True)
class Usage:
    """CPU in cores since the measuring before, None at the first; memory in bytes."""

    cpu: float | None
    memory: int

    def as_json(self) -> dict[str, object]:
        """Return what a report says of it."""
        return {"cpu": self.cpu, "memory": self.memory}


class UsageMeter:
    """Measures; CPU is what was used from one measuring to the next."""

    def __init__(
        self,
        seconds_used: Callable[[], float],
        bytes_used: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds_used = seconds_used
        self.bytes_used = bytes_used
        self.clock = clock
        self.before: tuple[float, float] | None = None
        self.cpu: float | None = None

    def measure(self) -> Usage | None:
        """Return what is used now; None where it cannot be read."""
        try:
            now, used = self.clock(), self.seconds_used()
            memory = self.bytes_used()
        except (OSError, ValueError):
            return None
        if self.before is None:
            self.before = now, used
        elif now - self.before[0] >= LEAST_SECONDS:
            # What ended meanwhile may have taken its time with it.
            gone, since = max(0.0, used - self.before[1]), now - self.before[0]
            self.before, self.cpu = (now, used), round(gone / since, 3)
        return Usage(self.cpu, memory)


def make_meter(environment: Mapping[str, str], proc: Path = PROC_SELF) -> UsageMeter:
    """Make the meter of this session, from what its surroundings offer."""
    return UsageMeter(
        _cpu_of_group(environment, proc) or seconds_of_processes,
        _memory_of_group(environment, proc) or bytes_of_processes,
    )


def _cpu_of_group(environment: Mapping[str, str], proc: Path) -> Callable[[], float] | None:
    """Return what reads a group's CPU time in seconds; None if it is not the session's alone."""
    one = own_group(proc, "cpuacct")
    if one and is_own_group(one, environment) and (one / "cpuacct.usage").is_file():
        return lambda: int((one / "cpuacct.usage").read_text()) / 1e9
    two = own_group(proc, "")
    if two and is_own_group(two, environment) and (two / "cpu.stat").is_file():
        return lambda: _read_stat(two / "cpu.stat", "usage_usec") / 1e6
    return None


def _memory_of_group(environment: Mapping[str, str], proc: Path) -> Callable[[], int] | None:
    """Return what reads a group's memory; file pages that can go at once do not count."""
    for controller, name, reclaimable in (
        ("memory", "memory.usage_in_bytes", "total_inactive_file"),
        ("", "memory.current", "inactive_file"),
    ):
        group = own_group(proc, controller)
        if group and is_own_group(group, environment) and (group / name).is_file():
            return _memory_reader(group / name, group / "memory.stat", reclaimable)
    return None


def _memory_reader(usage: Path, stat: Path, reclaimable: str) -> Callable[[], int]:
    return lambda: max(0, int(usage.read_text()) - _read_stat(stat, reclaimable))


def _read_stat(path: Path, name: str) -> int:
    """Return a number of a file of `name number` lines; 0 if it is not there."""
    for line in path.read_text(encoding="ascii").splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0


def seconds_of_processes() -> float:
    """Return the CPU time of this process and all below it, ended children among them."""
    ticks = 0
    for pid in _own_processes():
        try:
            text = (PROC / str(pid) / "stat").read_text(errors="replace")
        except OSError:
            continue
        ticks += sum(map(int, text.rpartition(")")[2].split()[TIMES]))
    return ticks / TICKS


def bytes_of_processes() -> int:
    """Return the memory of this process and all below it, what they share counted once."""
    return sum(map(_bytes_of, _own_processes()))


def _bytes_of(pid: int) -> int:
    folder = PROC / str(pid)
    try:
        for line in (folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # an older kernel, or a program that hides it
    try:
        return int((folder / "statm").read_text().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _own_processes() -> set[int]:
    own = os.getpid()
    return {own, *descendants(read_processes(), lambda process: process.pid == own)}
