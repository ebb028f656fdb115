"""Memory and CPU limits of a session: control groups where writable, else resource limits."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CPU_PERIOD_MICROSECONDS = 100_000
# A server and its libraries alone map some 200 MiB: below this no process would start.
LEAST_DATA_BYTES = 512 << 20
REMOVE_WITHIN_SECONDS = 2.0
PROC = Path("/proc/self")
# Version 2 gives limits only below a group without processes: where the hub stands in a subgroup
# of this name, sessions get groups beside it (systemd: Delegate=yes, DelegateSubgroup=…).
OWN_SUBGROUP = "sessions-hub"


@dataclass(frozen=True)
class Limits:
    """What was prepared for one session, and a sentence about what could not be, or ""."""

    cgroups: tuple[str, ...] = ()
    data_bytes: int | None = None
    sentence: str = ""


def prepare(
    name: str, memory_bytes: int | None, cpu_cores: float | None, *, proc: Path = PROC
) -> Limits:
    """Make the control groups of one session; `name` becomes the name of their folders.

    `proc` is where the system tells of this process: which groups it is in, what is mounted.
    """
    folders: list[str] = []
    memory = _try_memory(proc, name, memory_bytes) if memory_bytes else None
    cpu = _try_cpu(proc, name, cpu_cores) if cpu_cores else None
    folders.extend(dict.fromkeys(str(folder) for folder in (memory, cpu) if folder))
    per_process = memory_bytes if memory_bytes and not memory else None
    return Limits(tuple(folders), per_process, _sentence(per_process, bool(cpu_cores and not cpu)))


def enter(limits: Limits) -> None:
    """Put the calling process, and all that it will start, under the limits."""
    for folder in limits.cgroups:
        (Path(folder) / "cgroup.procs").write_text("0")
    if limits.data_bytes is not None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = max(limits.data_bytes, LEAST_DATA_BYTES)
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def put(limits: Limits, pid: int) -> str:
    """Put a process that was just started under the limits; answer a sentence on what could not be.

    What it has started before stays outside: it should be a moment old.
    """
    try:
        for folder in limits.cgroups:
            (Path(folder) / "cgroup.procs").write_text(str(pid))
        if limits.data_bytes is not None:
            wanted = max(limits.data_bytes, LEAST_DATA_BYTES)
            resource.prlimit(pid, resource.RLIMIT_DATA, (wanted, wanted))
    except (OSError, ValueError, AttributeError):
        return "Memory and CPU limits are not applied, because this system does not allow it."
    return limits.sentence


def out_of_memory_kills(cgroups: tuple[str, ...]) -> int:
    """Count the processes that the kernel killed because a session's memory was used up."""
    return sum(_count_kills(Path(folder)) for folder in cgroups)


def members(cgroups: tuple[str, ...]) -> list[int]:
    """List the pids in these control groups; those that are gone have none."""
    pids: set[int] = set()
    for folder in cgroups:
        text = _read(Path(folder) / "cgroup.procs")
        pids.update(int(line) for line in text.split())
    return sorted(pids)


def remove(cgroups: tuple[str, ...]) -> None:
    """Remove control groups whose processes have ended; the kernel may need a moment."""
    until = time.monotonic() + REMOVE_WITHIN_SECONDS
    for folder in cgroups:
        while not _try_remove(folder) and time.monotonic() < until:
            time.sleep(0.01)


def _try_remove(folder: str) -> bool:
    try:
        os.rmdir(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _sentence(per_process: int | None, without_cpu: bool) -> str:
    parts = []
    if per_process:
        parts.append(
            "Memory is limited for each process by itself (to at least 512 MiB), not for the "
            "session as a whole, because control groups cannot be written here."
        )
    if without_cpu:
        parts.append("The CPU limit is not applied, because control groups cannot be written here.")
    return " ".join(parts)


def _try_memory(proc: Path, name: str, memory_bytes: int) -> Path | None:
    version_two = {"memory.max": str(memory_bytes)}
    version_one = {"memory.limit_in_bytes": str(memory_bytes)}
    return _try_group(proc, name, "memory", version_two, version_one)


def _try_cpu(proc: Path, name: str, cores: float) -> Path | None:
    quota = max(1000, round(cores * CPU_PERIOD_MICROSECONDS))
    version_two = {"cpu.max": f"{quota} {CPU_PERIOD_MICROSECONDS}"}
    version_one = {
        "cpu.cfs_period_us": str(CPU_PERIOD_MICROSECONDS),
        "cpu.cfs_quota_us": str(quota),
    }
    return _try_group(proc, name, "cpu", version_two, version_one)


def _try_group(
    proc: Path,
    name: str,
    controller: str,
    version_two: Mapping[str, str],
    version_one: Mapping[str, str],
) -> Path | None:
    parent = _own_group(proc, controller)
    values = version_one
    if parent is None:
        parent, values = _own_group(proc, ""), version_two
        if parent is not None and parent.name == OWN_SUBGROUP:
            parent = parent.parent
        if parent is None or not _try_enable(parent, controller):
            return None
    folder = parent / name
    is_new = not folder.exists()  # version 2 has one folder for all controllers
    try:
        folder.mkdir(exist_ok=True)
        for file, value in values.items():
            (folder / file).write_text(value)
    except OSError:
        if is_new:
            _try_remove(str(folder))
        return None
    return folder


def _try_enable(parent: Path, controller: str) -> bool:
    """Version 2 hands a controller down only from a group without processes of its own."""
    if controller in _read(parent / "cgroup.subtree_control").split():
        return True
    try:
        (parent / "cgroup.subtree_control").write_text(f"+{controller}")
    except OSError:
        return False
    return True


def _own_group(proc: Path, controller: str) -> Path | None:
    """Find this process's folder for a version 1 controller, or of version 2 for ""."""
    mount = _mount_point(proc, controller)
    if mount is None:
        return None
    for line in _read(proc / "cgroup").splitlines():
        _number, names, path = line.split(":", 2)
        if (controller in names.split(",")) if controller else not names:
            folder = mount / path.lstrip("/")
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


def _count_kills(folder: Path) -> int:
    for file in ("memory.events", "memory.oom_control"):
        for line in _read(folder / file).splitlines():
            word, _blank, count = line.partition(" ")
            if word == "oom_kill":
                return int(count)
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
