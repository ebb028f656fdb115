"""A drive as the rest of the service sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sessions_spawner.wire.messages import DriveRecord

DEFAULT_NAME: Final = "default"
_ONE_POD: Final = "ReadWriteOncePod"
_ONE_MACHINE: Final = "ReadWriteOnce"


@dataclass(frozen=True)
class Holder:
    """A live session that mounts a drive."""

    session_id: str
    session_name: str
    read_only: bool


@dataclass(frozen=True)
class Drive:
    """A drive; `mounted_by` are the live sessions that hold it now, oldest first.

    `place` names its folder or claim, None until its first use. `size` is a Kubernetes quantity,
    None where drives have none. `access_mode` is known once it has its place.
    """

    id: str
    owner_key: str
    owner: str
    name: str
    size: str | None
    created_at: datetime
    last_used_at: datetime | None
    deleted_at: datetime | None
    place: str | None = None
    storage_class: str | None = None
    access_mode: str | None = None
    mounted_by: tuple[Holder, ...] = ()

    @property
    def is_default(self) -> bool:
        """Tell whether it is its owner's default drive, which stays as it is."""
        return self.name == DEFAULT_NAME

    @property
    def is_for_one(self) -> bool:
        """Tell whether one session alone can have it at a time."""
        return self.access_mode == _ONE_POD

    @property
    def is_for_one_machine(self) -> bool:
        """Tell whether the sessions that share it have to run on one machine."""
        return self.access_mode == _ONE_MACHINE

    def to_record(self) -> DriveRecord:
        """Return what the spawner is told of it."""
        return DriveRecord(
            id=self.id,
            place=self.place,
            size=self.size,
            storage_class=self.storage_class,
            is_default=self.is_default,
        )


class HeldByOne(Exception):
    """Only one session can have the drive at a time, and another has it."""

    def __init__(self, drive: Drive, holder: Holder) -> None:
        super().__init__(
            f"Only one session at a time can have the drive ‘{drive.name}’, and "
            f"‘{holder.session_name}’ has it. Stop that one first, or choose another drive."
        )
