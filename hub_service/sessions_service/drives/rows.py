"""The table of drives."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Table, text
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
