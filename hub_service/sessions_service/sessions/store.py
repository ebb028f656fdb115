"""Read and write the records of sessions; rows never leave this module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    CursorResult,
    Update,
    and_,
    bindparam,
    func,
    select,
    update,
)

from ..db.changes import note_change
from ..db.engine import Db
from ..lifecycle.causes import Status
from .columns import STATE_SOURCES, TEXT_SOURCES, derive_from_state, derive_from_texts
from .inserting import LimitReached, ServerInUse, insert, running_count
from .models import FIELDS, Session
from .reading import make_session
from .rows import SESSIONS, TO_REMOVE_INDEX
from .search import note_changed, short_terms

__all__ = [
    "LimitReached",
    "NoSuchSession",
    "ServerInUse",
    "StaleVersion",
    "changed_since",
    "find_by_token_sha",
    "find_live",
    "get",
    "get_many",
    "insert",
    "live",
    "look_up",
    "need",
    "newest_revision",
    "note_removed",
    "rename_drive",
    "running_count",
    "save",
    "to_remove",
    "unsettled",
]

MOST_CHANGED: Final = 2000


class NoSuchSession(Exception):
    """There is no session with this id."""


class StaleVersion(Exception):
    """The session was changed since it was read; `version` is the one it has now, if known."""

    def __init__(self, session_id: str, version: int | None = None) -> None:
        super().__init__(f"The session {session_id} was changed meanwhile; read it again.")
        self.version = version


COLUMNS: Final = [SESSIONS.c[name] for name in FIELDS]
_SEQ: Final = select(SESSIONS.c.seq).where(SESSIONS.c.id == bindparam("id"))
_ONE: Final = select(*COLUMNS).where(SESSIONS.c.id == bindparam("id"))
_LIVE_ON_SERVER: Final = select(*COLUMNS).where(
    SESSIONS.c.is_live,
    SESSIONS.c.owner_key == bindparam("owner_key"),
    SESSIONS.c.server == bindparam("server"),
)
_BY_TOKEN: Final = select(*COLUMNS).where(
    SESSIONS.c.token_sha256 == bindparam("token"), SESSIONS.c.is_live
)


def get(db: Db, session_id: str) -> Session | None:
    """Return a session by its id, or None; a record that cannot be read is None too."""
    return _one(db.execute(_ONE, {"id": session_id}).first())


def look_up(db: Db, session_id: str) -> Session | None:
    """Return a session by its id as it is shown: its `damage` is set if it cannot be read."""
    values = db.execute(_ONE, {"id": session_id}).first()
    return None if values is None else make_session(values)


def _one(values: Sequence[Any] | None) -> Session | None:
    session = None if values is None else make_session(values)
    return None if session is None or session.damage else session


def _all(rows: Iterable[Sequence[Any]]) -> list[Session]:
    """Return the sessions of rows; with a record that cannot be read nothing may be done."""
    return [one for one in map(make_session, rows) if one.damage is None]


def need(db: Db, session_id: str) -> Session:
    """Return a session by its id. Raises `NoSuchSession`."""
    session = get(db, session_id)
    if session is None:
        raise NoSuchSession(session_id)
    return session


def get_many(db: Db, ids: Iterable[str]) -> list[Session]:
    """Return sessions by their ids, in no order; those that are not there are left out."""
    return _all(db.execute(select(*COLUMNS).where(SESSIONS.c.id.in_(set(ids)))))


def find_live(db: Db, owner_key: str, server: str) -> Session | None:
    """Return the one live session on an owner's server, or None."""
    return _one(db.execute(_LIVE_ON_SERVER, {"owner_key": owner_key, "server": server}).first())


def newest_on(db: Db, owner_key: str, server: str) -> Session | None:
    """Return the session on an owner's server, else the newest that has ended there, or None."""
    live = find_live(db, owner_key, server)
    if live is not None:
        return live
    # Through the index of the owner's history, the newest first.
    query = select(*COLUMNS).where(SESSIONS.c.in_history, SESSIONS.c.owner_key == owner_key)
    query = query.where(SESSIONS.c.server == server)
    return _one(db.execute(query.order_by(SESSIONS.c.created_at.desc()).limit(1)).first())


def find_by_token_sha(db: Db, token_sha256: str) -> Session | None:
    """Return the live session whose run has this token, or None."""
    return _one(db.execute(_BY_TOKEN, {"token": token_sha256}).first())


def live(db: Db, owner_key: str | None = None) -> list[Session]:
    """Return all live sessions, or an owner's, oldest first."""
    query = select(*COLUMNS).where(SESSIONS.c.is_live)
    if owner_key is not None:
        query = query.where(SESSIONS.c.owner_key == owner_key)
    return _all(db.execute(query.order_by(SESSIONS.c.created_at, SESSIONS.c.id)))


def to_remove(db: Db, limit: int = 100) -> list[Session]:
    """Return ended sessions whose hub's server of their own may still be there, newest first."""
    query = select(*COLUMNS).with_hint(SESSIONS, f"INDEXED BY {TO_REMOVE_INDEX}", "sqlite")
    query = query.where(SESSIONS.c.in_history, ~SESSIONS.c.hub_removed, ~SESSIONS.c.is_live)
    return _all(db.execute(query.order_by(SESSIONS.c.sort_end.desc()).limit(limit)))


def unsettled(db: Db) -> list[Session]:
    """Return the live sessions that do not run: pending ones, and those that are being stopped."""
    statuses = (Status.PENDING, Status.CANCELLING, Status.FAILING)
    query = select(*COLUMNS).with_hint(SESSIONS, "INDEXED BY ix_active_status", "sqlite")
    return _all(db.execute(query.where(SESSIONS.c.is_live, SESSIONS.c.status.in_(statuses))))


def newest_revision(db: Db) -> int:
    """Return the revision of the newest change."""
    return db.execute(select(func.max(SESSIONS.c.revision))).scalar_one() or 0


def changed_since(
    db: Db, revision: int, owners: Collection[str] | None = None, limit: int = MOST_CHANGED
) -> list[Session] | None:
    """Return the sessions of owners' names (None: of all) changed after a revision, oldest first.

    None if more than `limit` of anybody's were changed: whoever asks reads anew instead.
    """
    newer = select(SESSIONS.c.seq).where(SESSIONS.c.revision > revision)
    newer = newer.order_by(SESSIONS.c.revision).limit(limit + 1)
    numbers = db.execute(newer).scalars().all()
    if len(numbers) > limit:
        return None
    query = select(*COLUMNS).where(SESSIONS.c.seq.in_(numbers)).order_by(SESSIONS.c.revision)
    if owners is not None:
        query = query.where(SESSIONS.c.owner.in_(owners))
    return _all(db.execute(query))


def save(db: Db, session: Session, changes: Mapping[str, Any], *, is_edit: bool = True) -> Session:
    """Write changed columns of a session that was read in this transaction; return it as it is now.

    An edit counts the version up; anything visible gets a new revision. Raises `StaleVersion`.
    """
    revision = note_change(db, session.id, session.owner_key)
    version = session.version + 1 if is_edit else session.version
    after = replace(session, **changes, revision=revision, version=version)
    derived = _derived_changes(session, after, changes)
    values = {**changes, **derived, "revision": revision, "version": version}
    given = {f"new_{name}": value for name, value in values.items()}
    seen = {"seen_id": session.id, "seen_version": session.version}
    if not cast("CursorResult[Any]", db.execute(_update_of(tuple(values)), given | seen)).rowcount:
        raise StaleVersion(session.id)
    if "search" in derived:
        old = derive_from_texts(_pick(session, TEXT_SOURCES))["search"]
        seq = db.execute(_SEQ, {"id": session.id}).scalar_one()
        note_changed(db, seq, short_terms(derived["search"]) - short_terms(old))
    return after


@lru_cache(maxsize=256)
def _update_of(names: tuple[str, ...]) -> Update:
    """Return the statement that writes these columns of a row whose version was seen."""
    seen = and_(
        SESSIONS.c.id == bindparam("seen_id"), SESSIONS.c.version == bindparam("seen_version")
    )
    values: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in names}
    return update(SESSIONS).where(seen).values(values)


def note_removed(db: Db, session_id: str) -> None:
    """Note that the hub's stopped server of an ended session is gone; nothing visible changes."""
    done = update(SESSIONS).where(SESSIONS.c.id == session_id).values(hub_removed=True)
    db.execute(done)


def rename_drive(db: Db, drive_id: str, name: str) -> None:
    """Show a drive's new name in the live sessions that have it for home; history keeps the old."""
    query = select(*COLUMNS).where(SESSIONS.c.is_live, SESSIONS.c.drive_id == drive_id)
    for session in _all(db.execute(query)):
        save(db, session, {"drive_name": name}, is_edit=False)


def _derived_changes(before: Session, after: Session, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived columns that come out otherwise; of the others nothing is worked out."""
    found: dict[str, Any] = {}
    for sources, derive_some in _DERIVED:
        if not sources.isdisjoint(changes):
            was, now = (derive_some(_pick(one, sources)) for one in (before, after))
            found |= {name: value for name, value in now.items() if was[name] != value}
    return found


_DERIVED: Final = (
    (STATE_SOURCES, derive_from_state),
    (TEXT_SOURCES, derive_from_texts),
)


def _pick(session: Session, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(session, name) for name in names}
