"""Which persons an owner filter means: names, or parts of e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import func, or_, select

from ..db.engine import Db
from .columns import fold
from .query import Query
from .rows import PEOPLE

EVERYBODY: Final = "*"


def persons_of(db: Db, query: Query) -> frozenset[str] | None:
    """Return the keys of the persons whose sessions a list may have; None is everybody's."""
    if query.owner_key is not None:
        return frozenset({query.owner_key})
    if query.owners and EVERYBODY not in query.owners:
        named = _named(db, query.owners)
        return frozenset(key for key, owner in named if _is_visible(query, key, owner))
    if query.visible_to is None:
        return None
    known = select(PEOPLE.c.owner_key, PEOPLE.c.owner)
    rows = db.execute(known.where(PEOPLE.c.owner.in_(query.visible_to)))
    return frozenset(row.owner_key for row in rows if _is_visible(query, *row))


def _is_visible(query: Query, key: str, owner: str) -> bool:
    if query.visible_to is not None and owner not in query.visible_to:
        return False
    return query.persons.get(owner, key) == key


def _named(db: Db, words: Iterable[str]) -> set[tuple[str, str]]:
    """Return (key, name) of who is called like a word, else of whose e-mail holds it."""
    known = select(PEOPLE.c.owner_key, PEOPLE.c.owner)
    found = {
        (row.owner_key, row.owner) for row in db.execute(known.where(PEOPLE.c.owner.in_(words)))
    }
    parts = set(words) - {owner for _key, owner in found}
    if parts:
        position = func.instr if db.dialect.name == "sqlite" else func.strpos
        holds = [position(PEOPLE.c.folded_email, fold(part)) > 0 for part in parts if part]
        rows = db.execute(known.where(or_(*holds)))
        found |= {(row.owner_key, row.owner) for row in rows}
    return found
