"""Drives of one machine: folders behind the protocol of drives."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from ..wire.messages import DriveFigures, DriveRecord, PlacedDrive
from .drives import DriveOwner, DriveRefused, check_id
from .folders import DriveFolders


class FolderDrives:
    """Drives as folders below one root; a folder's name is the drive's id."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = DriveFolders(root)

    def path_of(self, placed: PlacedDrive) -> Path:
        """Return the folder of a drive that has its place."""
        return self._root / check_id(placed.place)

    async def ensure(self, drive: DriveRecord, owner: DriveOwner) -> PlacedDrive:
        """Return where a drive lies, made on first use; a place that is no folder's is refused.

        Raises `OSError` if it cannot be made, and `PermissionError` if it is another system user's.
        """
        _check_place(drive.id, drive.place)
        await asyncio.to_thread(self._folders.ensure, drive.id, uid=owner.uid, gid=owner.gid)
        return PlacedDrive(place=drive.id)

    async def adopt(self, drive_id: str, place: str, owner: DriveOwner) -> PlacedDrive:  # noqa: ARG002 (the protocol's)
        """Refuse: a folder is a drive by its name alone."""
        check_id(drive_id)
        raise DriveRefused("A folder cannot be adopted; copy its files into a drive.")

    async def describe(self, places: Mapping[str, str]) -> Mapping[str, DriveFigures]:
        """Return what is used of drives; folders have no size."""
        measured = await asyncio.gather(*(self._describe(*one) for one in places.items()))
        return dict(zip(places, measured, strict=True))

    async def grow(self, drive_id: str, place: str, size: str) -> None:  # noqa: ARG002 (the protocol's)
        """Refuse: a folder takes what the disk has."""
        check_id(drive_id)
        raise DriveRefused("Drives of this hub have no size: they take what its disk has left.")

    async def remove(self, drive_id: str, place: str | None = None) -> None:
        """Remove a drive with its files. Raises `OSError` if files cannot be removed."""
        _check_place(drive_id, place)
        await asyncio.to_thread(self._folders.remove, drive_id)

    async def _describe(self, drive_id: str, place: str) -> DriveFigures:
        try:
            _check_place(drive_id, place)
            used = await asyncio.to_thread(self._folders.measure, drive_id)
        except FileNotFoundError:
            return DriveFigures(trouble="Its folder is gone.")
        except DriveRefused as refused:
            return DriveFigures(trouble=str(refused))
        except OSError as error:
            return DriveFigures(trouble=f"Its folder cannot be read ({error.strerror}).")
        return DriveFigures(used=used)


def _check_place(drive_id: str, place: str | None) -> None:
    """Refuse another folder than the drive's own. Raises `DriveRefused`, `ValueError`."""
    if place not in (None, check_id(drive_id)):
        raise DriveRefused("It lies elsewhere; this hub keeps drives in folders.")
