"""The table of drives."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Index, String, Table, and_, bindparam, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Base, UtcDateTime


class DriveRow(Base):
    """A drive; a deleted one stays restorable for a while."""

    __tablename__ = "drives"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner_key: Mapped[str]
    owner: Mapped[str]
    name: Mapped[str]
    size: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str | None]
    storage_class: Mapped[str | None]
    access_mode: Mapped[str | None]


DRIVES: Final[Table] = DriveRow.metadata.tables["drives"]

_KEPT = text("deleted_at IS NULL")
Index(
    "uq_drives_owner_name",
    DRIVES.c.owner_key,
    DRIVES.c.name,
    unique=True,
    sqlite_where=_KEPT,
    postgresql_where=_KEPT,
)
Index("ix_drives_owner", DRIVES.c.owner_key)
Index("ix_drives_deleted_at", DRIVES.c.deleted_at)


@lru_cache(maxsize=32)
def is_called(count: int) -> ColumnElement[bool]:
    """Return the condition for an owner's drives that go by one of so many names or ids.

    Its values are those of `references_of`. Each is a parameter of its own: the values of a list
    would be written into the statement's text with every use.
    """
    named = [bindparam(f"reference_{place}", type_=String()) for place in range(count)]
    return and_(
        DRIVES.c.owner_key == bindparam("owner_key"),
        or_(DRIVES.c.id.in_(named), DRIVES.c.name.in_(named)),
        DRIVES.c.deleted_at.is_(None),
    )


def references_of(owner_key: str, named: Collection[str]) -> dict[str, str]:
    """Return the values of `is_called` for what an owner's drives are called."""
    references = {f"reference_{place}": one for place, one in enumerate(sorted(named))}
    return {"owner_key": owner_key, **references}
