"""A drive as the rest of the service sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

DEFAULT_NAME: Final = "default"


@dataclass(frozen=True)
class Holder:
    """A live session that mounts a drive."""

    session_id: str
    session_name: str
    read_only: bool


@dataclass(frozen=True)
class Drive:
    """A drive; `mounted_by` are the live sessions that hold it now, oldest first."""

    id: str
    owner_key: str
    owner: str
    name: str
    size: str | None
    created_at: datetime
    last_used_at: datetime | None
    deleted_at: datetime | None
    mounted_by: tuple[Holder, ...] = ()

    @property
    def is_default(self) -> bool:
        """Tell whether it is its owner's default drive, which stays as it is."""
        return self.name == DEFAULT_NAME
