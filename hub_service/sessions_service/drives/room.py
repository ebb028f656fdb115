"""Whether a person's drives fit into what they may have together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sessions_spawner.wire.snapshot import DriveTerms

from ..db.engine import Db
from . import store
from .models import Drive
from .terms import wrong_total


class NoRoom(Exception):
    """The drive would have more than is left; the sentence says how much that is."""


def create(
    db: Db, terms: DriveTerms, owner_key: str, owner: str, name: str, /, **given: Any
) -> Drive:
    """Make a drive that fits. Raises `NoRoom` and what `store.create` does."""
    require_room(db, terms, owner_key, given.get("size"))
    return store.create(db, owner_key, owner, name, **given)


def restore(db: Db, terms: DriveTerms, drive: Drive) -> Drive:
    """Take a deletion back if the drive still fits. Raises `NoRoom`, `NameTaken`."""
    if drive.deleted_at is not None:
        require_room(db, terms, drive.owner_key, drive.size)
    return store.restore(db, drive.id)


def require_room(
    db: Db, terms: DriveTerms, owner_key: str, size: str | None, *, besides: str = ""
) -> None:
    """Refuse a size that the owner's drives leave no room for, `besides` not counted.

    Raises `NoRoom`.
    """
    if terms.total_max is None:
        return
    used = store.total_size(db, owner_key, terms.size, besides=besides)
    if sentence := wrong_total(terms, used, size or terms.size):
        raise NoRoom(sentence)


def used_of(db: Db, owner_key: str, terms: DriveTerms) -> Decimal:
    """Return the bytes that a person's drives have together."""
    return store.total_size(db, owner_key, terms.size)
