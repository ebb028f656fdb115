"""The folder of one server process for its sockets and notes: 0700, swept when it is gone."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

LOCK = "lock"
LONGEST_SOCKET_PATH = 107  # bytes, unix(7)
LONGEST_NAME_IN_IT = 24


def private_folder() -> Path:
    """Return this process's folder; the first call makes it, and removes dead processes' own."""
    return _folder_of(os.getpid())


@lru_cache(maxsize=1)
def _folder_of(pid: int) -> Path:
    """Make the folder; keyed by process, because a forked child must not use its parent's."""
    prefix = f"sessions-{os.getuid()}-"
    base = _base(prefix)
    for left in base.glob(f"{prefix}*"):
        _remove_if_dead(left)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    _lock(folder)
    atexit.register(_remove_own, folder, pid)
    return folder


def _base(prefix: str) -> Path:
    # tempfile alone would answer what a forked child's parent once read from its own environment.
    named = [os.environ.get(name) for name in ("XDG_RUNTIME_DIR", "TMPDIR")]
    for base in [Path(name) for name in [*named, tempfile.gettempdir()] if name]:
        name = len(os.fsencode(base)) + len(prefix) + 10 + LONGEST_NAME_IN_IT
        if name <= LONGEST_SOCKET_PATH and os.access(base, os.W_OK | os.X_OK):
            return base
    return Path("/tmp")  # noqa: S108  the folder in it is made by mkdtemp


def _lock(folder: Path) -> None:
    """Hold a lock for as long as the process lives: under its name only once it is held."""
    unnamed = folder / f"{LOCK}.new"
    descriptor = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unnamed.rename(folder / LOCK)


def _remove_if_dead(folder: Path) -> None:
    """Remove a folder whose process is gone: nobody holds its lock (seen across containers too)."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return
    finally:
        os.close(descriptor)


def _remove_own(folder: Path, pid: int) -> None:
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)
