"""The one protocol of drives' storage, and what everything behind it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ..request.ids import is_drive_id
from ..wire.messages import DriveFigures, DriveRecord, PlacedDrive


class DriveRefused(Exception):
    """What was asked of a drive's storage cannot be; the sentence says what to change."""


class IsDrive(DriveRefused):
    """The storage is a drive already; its id is the exception's text."""


class DriveAway(Exception):
    """What keeps drives does not answer, or refuses; try again later."""


@dataclass(frozen=True)
class DriveOwner:
    """Whose a drive is: a name, and when the hub made that user (ISO 8601).

    `uid` and `gid` own its folder where sessions run as system users. `former` are names that the
    storage of the person's default server had before there were drives.
    """

    name: str
    created: str = ""
    uid: int | None = None
    gid: int | None = None
    former: tuple[str, ...] = ()

    def is_older_than(self, moment: datetime) -> bool:
        """Tell whether the hub had this user already at a moment; what is older is another's."""
        try:
            created = datetime.fromisoformat(self.created)
        except ValueError:
            return False
        made = created if created.tzinfo else created.replace(tzinfo=UTC)
        return made.replace(microsecond=0) <= moment


class Drives(Protocol):
    """Storage of drives. What is no drive id raises `ValueError`, no answer `DriveAway`."""

    async def ensure(self, drive: DriveRecord, owner: DriveOwner) -> PlacedDrive:
        """Return where a drive lies, made on first use. Raises `DriveRefused`."""

    async def adopt(self, drive_id: str, place: str, owner: DriveOwner) -> PlacedDrive:
        """Make storage that is there already a drive's. Raises `DriveRefused`."""

    async def describe(self, places: Mapping[str, str]) -> Mapping[str, DriveFigures]:
        """Return the figures of drives, by their ids as in `places`."""

    async def grow(self, drive_id: str, place: str, size: str) -> None:
        """Have a drive become larger. Raises `DriveRefused`."""

    async def remove(self, drive_id: str, place: str | None = None) -> None:
        """Remove a drive with its files; a missing one is fine. Raises `DriveRefused`."""


def check_id(drive_id: str) -> str:
    """Return a drive's id. Raises `ValueError` for anything else."""
    if not is_drive_id(drive_id):
        raise ValueError("A drive is named by its id.")
    return drive_id
