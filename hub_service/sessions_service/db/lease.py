"""The lease: one service writes at a time, and a fencing number tells the former one to stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime
from .engine import Db
from .failures import LeaseHeld, LeaseLost

RENEW_SECONDS: Final = 5.0
LIFE_SECONDS: Final = 15.0
NAME: Final = "service"
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseRow(Base):
    """The one lease; the first migration makes its row."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
    holder: Mapped[str] = mapped_column(String(64))
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def acquire(db: Db, holder: str, *, at: datetime) -> tuple[int, int]:
    """Take the lease with a higher number; return the number and the highest revision given.

    A worker of the same supervisor (`holder`) takes over at once. Raises `LeaseHeld` while
    another holder's lease is younger than its life.
    """
    row = db.execute(
        select(LeaseRow.holder, LeaseRow.number, LeaseRow.renewed_at)
        .where(LeaseRow.name == NAME)
        .with_for_update()
    ).one()
    left = row.renewed_at + timedelta(seconds=LIFE_SECONDS) - at
    if row.holder != holder and left > timedelta(0):
        raise LeaseHeld(left.total_seconds())
    _set(db, number=row.number + 1, holder=holder, renewed_at=at)
    return row.number + 1, db.execute(_REVISION).scalar_one()


def check(db: Db, number: int) -> None:
    """Refuse a transaction whose number is not the lease's any more. Raises `LeaseLost`.

    The row stays locked against a new holder until the transaction ends.
    """
    current = db.execute(_CURRENT).scalar_one()
    if current != number:
        raise LeaseLost(f"The lease has number {current}, this service had {number}.")


def renew(db: Db, *, at: datetime) -> None:
    """Note that the holder is alive."""
    _set(db, renewed_at=at)


def release(db: Db) -> None:
    """Let the next service take the lease at once."""
    _set(db, renewed_at=NEVER)


def _set(db: Db, **values: object) -> None:
    db.execute(update(LeaseRow).where(LeaseRow.name == NAME).values(**values))


_CURRENT = select(LeaseRow.number).where(LeaseRow.name == NAME).with_for_update(read=True)
# The former holder cannot commit any more, so this is the highest there will be.
_REVISION = text("SELECT coalesce(max(revision), 0) FROM sessions")
