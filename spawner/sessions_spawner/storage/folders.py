"""Drives as folders under one 0700 root, named by the drive's opaque id."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..request.ids import is_drive_id


class FolderDrives:
    """Makes, measures and finds drives; never follows a link, never works recursively as root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def ensure(self, drive_id: str, *, uid: int | None = None, gid: int | None = None) -> Path:
        """Return the drive's folder, made on first use and owned by `uid`.

        Raises `ValueError` for anything but a drive id, `OSError` if it cannot be made.
        """
        if not is_drive_id(drive_id):
            raise ValueError("A drive is named by its id.")
        root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            try:
                os.mkdir(drive_id, 0o700, dir_fd=root)
            except FileExistsError:
                pass
            folder = os.open(drive_id, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
            try:
                if uid is not None and os.fstat(folder).st_uid != uid:
                    os.fchown(folder, uid, -1 if gid is None else gid)
            finally:
                os.close(folder)
        finally:
            os.close(root)
        return self._root / drive_id

    def remove(self, drive_id: str) -> None:
        """Remove a drive with its files; one that is not there is fine.

        Raises `ValueError` for anything but a drive id, `OSError` if files cannot be removed.
        """
        if not is_drive_id(drive_id):
            raise ValueError("A drive is named by its id.")
        root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            # By descriptors, so that a link that is swapped in leads nowhere.
            shutil.rmtree(drive_id, dir_fd=root)
        except FileNotFoundError:
            pass
        finally:
            os.close(root)
