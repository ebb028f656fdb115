"""Emptying a drive's folder by descriptors, with its owner's rights, following no link."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import Final

from .owner_rights import run_as_owner

_WITHIN_SECONDS: Final = 600.0
# Deeper ones are moved up first, so that nobody can nest folders until this cannot be done.
_MOST_DEPTH: Final = 32


def empty_folder(folder: int) -> None:
    """Remove all that is in an open folder, as the system user who owns the folder.

    Raises `OSError` if something is left.
    """
    run_as_owner(folder, _Emptying(folder).run)


class _Emptying:
    """One folder that is emptied."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._until = time.monotonic() + _WITHIN_SECONDS

    def run(self) -> None:
        """Remove everything. Raises `OSError`."""
        os.fchmod(self._top, 0o700)
        while names := _names_in(self._top):
            for name in names:
                self._remove(name, self._top, 0)

    def _remove(self, name: str, folder: int, depth: int) -> None:
        if time.monotonic() > self._until:
            raise OSError("it takes too long")
        try:
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                self._remove_folder(name, folder, depth)
            else:
                os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return

    def _remove_folder(self, name: str, folder: int, depth: int) -> None:
        below = _open_for_removal(name, folder)
        try:
            if depth >= _MOST_DEPTH:
                aside = f".removed-{os.urandom(8).hex()}"
                os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=self._top)
                return
            for entry in _names_in(below):
                self._remove(entry, below, depth + 1)
        finally:
            os.close(below)
        os.rmdir(name, dir_fd=folder)


def _names_in(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _open_for_removal(name: str, folder: int) -> int:
    """Open a folder, which its owner may have closed even to himself."""
    flags = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    if sys.platform != "linux":
        return os.open(name, os.O_RDONLY | flags, dir_fd=folder)
    found = os.open(name, os.O_PATH | flags, dir_fd=folder)
    try:
        same = Path(f"/proc/self/fd/{found}")
        if stat.S_IMODE(os.fstat(found).st_mode) & 0o700 != 0o700:
            same.chmod(0o700)
        return os.open(same, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    finally:
        os.close(found)
