"""Drives as folders under one root, named by the drive's opaque id."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .drives import check_id
from .emptying import empty_folder
from .measuring import measure_folder

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class DriveFolders:
    """Makes, measures and removes drives; never follows a link, never changes an owner recursively.

    The root is 0700. Where drives belong to system users of their own it is 0711, and so is the
    state folder around it: their owners pass through to a name that they were told, and can list
    nothing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def ensure(self, drive_id: str, *, uid: int | None = None, gid: int | None = None) -> Path:
        """Return the drive's folder, made on first use and owned by `uid`.

        Raises `ValueError` for anything but a drive id, `OSError` if it cannot be made, and
        `PermissionError` if it is another system user's.
        """
        check_id(drive_id)
        with _opened(self._root) as root:
            try:
                os.mkdir(drive_id, 0o700, dir_fd=root)
            except FileExistsError:
                pass
            with _opened(drive_id, root) as folder:
                if uid is not None:
                    _give_to(folder, uid, -1 if gid is None else gid)
            if uid is not None and uid != os.geteuid():
                self._open_way(root)
        return self._root / drive_id

    def remove(self, drive_id: str) -> None:
        """Remove a drive with its files, as the system user who owns it; a missing one is fine.

        Raises `ValueError` for anything but a drive id, `OSError` if files cannot be removed.
        """
        check_id(drive_id)
        with _opened(self._root) as root:
            try:
                with _opened(drive_id, root) as folder:
                    empty_folder(folder)
                os.rmdir(drive_id, dir_fd=root)
            except FileNotFoundError:
                pass

    def measure(self, drive_id: str) -> int | None:
        """Return how many bytes a drive's files take, as its owner sees them; None if unknown.

        Raises `ValueError` for anything but a drive id, `FileNotFoundError` for a missing one.
        """
        check_id(drive_id)
        with _opened(self._root) as root, _opened(drive_id, root) as folder:
            return measure_folder(folder)

    def _open_way(self, root: int) -> None:
        """Let others pass through to their drives, but close to them all else that lies there."""
        with _opened(self._root.parent) as state:
            for entry in os.scandir(state):
                if entry.name != self._root.name and not entry.is_symlink():
                    _close_to_others(entry.name, state)
            for folder in (root, state):
                if stat.S_IMODE(os.fstat(folder).st_mode) != 0o711:
                    os.fchmod(folder, 0o711)


@contextmanager
def _opened(path: Path | str, parent: int | None = None) -> Iterator[int]:
    """Open a folder, not through a link, for the time of a `with` block."""
    descriptor = os.open(path, _FOLDER, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _give_to(folder: int, uid: int, gid: int) -> None:
    """Give a folder of ours to its owner: the folder alone, never what is in it."""
    owner = os.fstat(folder).st_uid
    if owner == uid:
        return
    if owner != os.geteuid():
        raise PermissionError(0, f"it belongs to the system user with the number {owner}")
    os.fchown(folder, uid, gid)


def _close_to_others(name: str, parent: int) -> None:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
    except OSError:
        return  # gone since, a link since, or a socket
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            os.fchmod(descriptor, mode & 0o700)
    finally:
        os.close(descriptor)
