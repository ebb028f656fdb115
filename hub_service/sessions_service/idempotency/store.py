"""Read and write idempotency keys: begin before the work, finish with it, forget refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Result,
    and_,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from ..db.engine import Db
from ..db.seal import CannotOpen, seal_of
from .rows import KEYS

KEPT_HOURS: Final = 24
MADE: Final = 201
_BATCH: Final = 500
# No JSON begins like this.
_SEALED: Final = "sealed:"


class KeyReused(Exception):
    """The key was used on this route with another body."""


class AnswerLost(Exception):
    """The answer was sealed with a key that is no longer ours."""


@dataclass(frozen=True)
class Key:
    """A person's key on a route."""

    owner_key: str
    route: str
    text: str


@dataclass(frozen=True)
class Kept:
    """What is kept of a key: new (the work is whoever's asks), in flight, an answer, or `made`.

    `made` is the session that was made by a request whose answer was lost in a crash.
    """

    is_new: bool = False
    status: int | None = None
    answer: str | None = None
    made: str | None = None

    @property
    def is_in_flight(self) -> bool:
        """Tell whether the first request with this key is still being answered."""
        return not self.is_new and self.status is None


def begin(db: Db, key: Key, body_digest: str, *, at: datetime) -> Kept:
    """Take a key for a body, or return what is kept of its first use within 24 h.

    Raises `KeyReused` if the first use had another body, `AnswerLost`.
    """
    where = _one(key)
    row = db.execute(select(KEYS).where(where)).first()
    if row is not None and row.created_at <= at - timedelta(hours=KEPT_HOURS):
        db.execute(delete(KEYS).where(where))
        row = None
    if row is None:
        values = {"owner_key": key.owner_key, "route": key.route, "key": key.text}
        db.execute(insert(KEYS), {**values, "body_digest": body_digest, "created_at": at})
        return Kept(is_new=True)
    if row.body_digest != body_digest:
        raise KeyReused(key.text)
    return Kept(status=row.status, answer=_open(db, row.answer), made=row.made)


def note_made(db: Db, key: Key, session_id: str) -> None:
    """Note what a key's work makes, in the transaction that makes it."""
    db.execute(update(KEYS).where(_one(key)).values(made=session_id))


def finish(db: Db, key: Key, status: int, answer: str, *, at: datetime) -> None:
    """Keep the answer of a key's work for 24 h from now, sealed if there is a key for that."""
    seal = seal_of(db)
    text = f"{_SEALED}{seal.close(answer)}" if seal.is_on else answer
    kept = {"status": status, "answer": text, "created_at": at}
    db.execute(update(KEYS).where(_one(key)).values(**kept))


def forget(db: Db, key: Key) -> None:
    """Give a key back: its request was refused or failed, so the next one is the first.

    One whose work had made something by then keeps it.
    """
    _settle(db, _one(key))


def forget_unfinished(db: Db) -> int:
    """Give back the keys that a former process left in flight; return how many."""
    return _settle(db, KEYS.c.status.is_(None))


def _settle(db: Db, which: ColumnElement[bool]) -> int:
    made = KEYS.c.made.is_not(None)
    db.execute(update(KEYS).where(which, made, KEYS.c.status.is_(None)).values(status=MADE))
    return _removed(db.execute(delete(KEYS).where(which, ~made)))


def forget_expired(db: Db, *, at: datetime) -> int:
    """Remove up to 500 keys older than 24 h; return how many."""
    old = select(KEYS.c.owner_key, KEYS.c.route, KEYS.c.key)
    old = old.where(KEYS.c.created_at <= at - timedelta(hours=KEPT_HOURS))
    batch = old.order_by(KEYS.c.created_at).limit(_BATCH)
    which = tuple_(KEYS.c.owner_key, KEYS.c.route, KEYS.c.key).in_(batch)
    return _removed(db.execute(delete(KEYS).where(which)))


def _open(db: Db, answer: str | None) -> str | None:
    if answer is None or not answer.startswith(_SEALED):
        return answer
    try:
        return str(seal_of(db).open(answer.removeprefix(_SEALED)))
    except CannotOpen:
        raise AnswerLost from None


def _removed(result: Result[Any]) -> int:
    return cast("CursorResult[Any]", result).rowcount


def _one(key: Key) -> ColumnElement[bool]:
    return and_(
        KEYS.c.owner_key == key.owner_key, KEYS.c.route == key.route, KEYS.c.key == key.text
    )
