"""The table of idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Base, UtcDateTime


class KeyRow(Base):
    """A key that a person used on a route, and the answer; without a status it is in flight.

    `made` is the session that its work made, written together with it: whoever lost the answer in
    a crash is answered with it.
    """

    __tablename__ = "idempotency_keys"

    owner_key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_digest: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    made: Mapped[str | None]
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text)


KEYS: Final[Table] = KeyRow.metadata.tables["idempotency_keys"]
