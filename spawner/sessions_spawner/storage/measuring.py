"""How much a drive's folder holds, seen with its owner's rights; no link is followed."""

from __future__ import annotations

import os
import stat
import time
from typing import Final

from .owner_rights import run_as_owner

# What takes longer is not measured: somebody waits for the list of his drives.
_WITHIN_SECONDS: Final = 1.0
_BLOCK_BYTES: Final = 512  # of `st_blocks`, whatever the file system's own are
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_DEPTH: Final = 200


class TooLong(Exception):
    """There is more than can be looked at in the time."""


def measure_folder(folder: int) -> int | None:
    """Return the bytes that the files below an open folder take on its disk.

    A file with several names counts once, other file systems do not count, nor does what its
    owner may not read. None if there are too many files.
    """
    measuring = _Measuring(os.fstat(folder).st_dev)
    try:
        return run_as_owner(folder, lambda: measuring.sum(folder, 0))
    except TooLong:
        return None


class _Measuring:
    """One folder that is measured."""

    def __init__(self, device: int) -> None:
        self._device = device
        self._until = time.monotonic() + _WITHIN_SECONDS
        self._counted: set[int] = set()

    def sum(self, folder: int, depth: int) -> int:
        """Return the bytes below a folder. Raises `TooLong`."""
        if depth > _MOST_DEPTH:
            raise TooLong
        total = 0
        with os.scandir(folder) as entries:
            for entry in entries:
                if time.monotonic() > self._until:
                    raise TooLong
                total += self._measure(entry, folder, depth)
        return total

    def _measure(self, entry: os.DirEntry[str], folder: int, depth: int) -> int:
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return 0
        if found.st_dev != self._device or not self._is_new(found):
            return 0
        taken = found.st_blocks * _BLOCK_BYTES
        if not stat.S_ISDIR(found.st_mode):
            return taken
        try:
            below = os.open(entry.name, _FOLDER, dir_fd=folder)
        except OSError:
            return taken
        try:
            return taken + self.sum(below, depth + 1)
        finally:
            os.close(below)

    def _is_new(self, found: os.stat_result) -> bool:
        if found.st_nlink == 1 or stat.S_ISDIR(found.st_mode):
            return True
        is_new = found.st_ino not in self._counted
        self._counted.add(found.st_ino)
        return is_new
