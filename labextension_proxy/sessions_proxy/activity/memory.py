"""Programs that the kernel ended because the session's memory was used up, read from its cgroup.

Nobody outside sees such an end while the session goes on: Kubernetes tells of containers alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.utils import ensure_async

from .kernels import Kernels
from .uses import MOST_NAMES, tidy

PROC_SELF = Path("/proc/self")
LONGEST_NAME = 80
# A program that was killed may need a moment to be gone: so many looks its kernel is waited for.
PATIENCE_LOOKS = 5
# The group that a local session gets with its memory limit; others are shared with other programs.
OWN_GROUP = re.compile(r"session-\d+-\d+")


@dataclass(frozen=True)
class Kills:
    """How many programs were ended since the session's group was made; `kernels` were the last."""

    count: int
    kernels: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what a report says of them."""
        return {"kills": self.count, "kernels": list(self.kernels)}


def find_counter(environment: Mapping[str, str], proc: Path = PROC_SELF) -> Path | None:
    """Return the file that counts this session's kills; None if its group is not its own.

    `proc` is where the system tells of this process: which groups it is in, what is mounted. In a
    pod (`SESSIONS_OWN_NETWORK=1`) the group is the container's.
    """
    for controller, name in (("memory", "memory.oom_control"), ("", "memory.events")):
        group = own_group(proc, controller)
        if group is None or not (group / name).is_file():
            continue
        return group / name if is_own_group(group, environment) else None
    return None


def is_own_group(group: Path, environment: Mapping[str, str]) -> bool:
    """Tell whether a group has this session's processes and no others."""
    is_pod = environment.get("SESSIONS_OWN_NETWORK") == "1"
    return is_pod or OWN_GROUP.fullmatch(group.name) is not None


def read_count(counter: Path) -> int | None:
    """Return how many processes the kernel has killed for memory; None if that cannot be read."""
    try:
        lines = counter.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def own_group(proc: Path, controller: str) -> Path | None:
    """Find this process's folder for a version 1 controller, or of version 2 for ""."""
    mount = _mount_point(proc, controller)
    if mount is None:
        return None
    for line in _read(proc / "cgroup").splitlines():
        _number, names, path = line.split(":", 2)
        if (controller in names.split(",")) if controller else not names:
            folder = mount / path.lstrip("/")
            # A container's mount begins at its own group, which has another path outside.
            return folder if folder.is_dir() else mount
    return None


def _mount_point(proc: Path, controller: str) -> Path | None:
    for line in _read(proc / "mounts").splitlines():
        _device, point, kind, options = line.split()[:4]
        if controller and kind == "cgroup" and controller in options.split(","):
            return Path(point)
        if not controller and kind == "cgroup2":
            return Path(point)
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# A kernel, and the number of its process: a restarted one has another.
Process = tuple[str, int]


class MemoryWatch:
    """Looks at the counter; when it has risen, finds which kernels have just died."""

    def __init__(self, counter: Path | None, kernels: Kernels) -> None:
        self.counter = counter
        self.kernels = kernels
        self.told = Kills((read_count(counter) if counter else None) or 0)
        self._alive: dict[Process, str] = {}
        self._gone: dict[Process, str] = {}
        self._looks = 0

    async def look(self) -> Kills | None:
        """Return the kills so far; None where there is nothing that counts them."""
        count = read_count(self.counter) if self.counter else None
        if count is None:
            return None
        alive, gone = await self._look_at_kernels()
        if count != self.told.count:
            dead = {one: name for one, name in self._alive.items() if one not in alive}
            # One that was started and ended since the last look was never seen alive.
            dead |= {one: name for one, name in gone.items() if one not in self._gone}
            self._looks += 1
            if not dead and self._looks < PATIENCE_LOOKS:
                return self.told
            names = tuple(tidy(name, LONGEST_NAME) for name in dead.values())
            self.told = Kills(count, names[:MOST_NAMES])
        self._looks = 0
        self._alive, self._gone = alive, gone
        return self.told

    async def _look_at_kernels(self) -> tuple[dict[Process, str], dict[Process, str]]:
        """Return the names of the kernels whose processes run, and of those whose do not."""
        manager = self.kernels.kernel_manager
        alive: dict[Process, str] = {}
        gone: dict[Process, str] = {}
        for kernel_id, name in self.kernels.names.items():
            if kernel_id not in manager:
                continue
            kernel = manager.get_kernel(kernel_id)
            pid = getattr(getattr(kernel, "provisioner", None), "pid", None)
            if pid is not None:
                is_alive = await ensure_async(kernel.is_alive())
                (alive if is_alive else gone)[kernel_id, pid] = name
        return alive, gone
