"""Read and write the records of sessions; rows never leave this module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Insert, and_, bindparam, func, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from sessions_spawner.request.ids import new_session_id

from ..db.changes import note_change
from ..db.engine import Db
from ..db.seal import seal_of
from ..drives.rows import DRIVES
from ..lifecycle.chronicle import Line, write_line
from ..lifecycle.table import COUNTED, State
from .columns import SOURCES, derive, fold, make_search
from .models import FIELDS, Mount, NewSession, Session
from .reading import make_session
from .rows import MOUNTS, PEOPLE, SESSIONS, TO_REMOVE_INDEX
from .sealed import seal_request
from .search import note_changed, note_inserted, short_terms

MOST_CHANGED: Final = 2000
CREATED_EVENT: Final = "created"


class LimitReached(Exception):
    """The owner has as many sessions pending and running as he may."""

    def __init__(self, used: int, limit: int) -> None:
        super().__init__(f"{used} of {limit} sessions are in use. Stop one first.")
        self.used = used
        self.limit = limit


class ServerInUse(Exception):
    """The owner has a live session on a server of this name."""


class NoSuchSession(Exception):
    """There is no session with this id."""


class StaleVersion(Exception):
    """The session was changed since it was read; `version` is the one it has now, if known."""

    def __init__(self, session_id: str, version: int | None = None) -> None:
        super().__init__(f"The session {session_id} was changed meanwhile; read it again.")
        self.version = version


COLUMNS: Final = [SESSIONS.c[name] for name in FIELDS]
_ONE: Final = select(*COLUMNS).where(SESSIONS.c.id == bindparam("id"))
_LIVE_ON_SERVER: Final = select(*COLUMNS).where(
    SESSIONS.c.is_live,
    SESSIONS.c.owner_key == bindparam("owner_key"),
    SESSIONS.c.server == bindparam("server"),
)
_BY_TOKEN: Final = select(*COLUMNS).where(
    SESSIONS.c.token_sha256 == bindparam("token"), SESSIONS.c.is_live
)
_LIVE_OF_OWNER: Final = select(SESSIONS.c.state, SESSIONS.c.server).where(
    SESSIONS.c.is_live, SESSIONS.c.owner_key == bindparam("owner_key")
)
_INSERT: Final = insert_into(SESSIONS).returning(SESSIONS.c.seq)
_COUNTED_WORDS: Final = frozenset(state.value for state in COUNTED)


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


def find_by_token_sha(db: Db, token_sha256: str) -> Session | None:
    """Return the live session whose run has this token, or None."""
    return _one(db.execute(_BY_TOKEN, {"token": token_sha256}).first())


def running_count(db: Db, owner_key: str) -> int:
    """Return how many sessions of an owner count against the limit: pending and running."""
    rows = db.execute(_LIVE_OF_OWNER, {"owner_key": owner_key})
    return sum(state in _COUNTED_WORDS for state, _server in rows)


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


def live_counts(db: Db) -> dict[str, int]:
    """Return how many live sessions are in each state, from the index of live rows alone."""
    rows = db.execute(
        select(SESSIONS.c.state, func.count().label("live"))
        .where(SESSIONS.c.is_live)
        .group_by(SESSIONS.c.state)
    )
    return {row.state: row.live for row in rows}


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


def insert(
    db: Db,
    new: NewSession,
    *,
    at: datetime,
    actor: str,
    limit: int | None,
    on_behalf_of: str | None = None,
) -> Session:
    """Make a session's row and the first line of its story; return the session.

    Raises `LimitReached` when `limit` sessions of the owner are pending or running, `ServerInUse`.
    Check and insert are one transaction, and one writer makes them.
    """
    session_id = new.id or new_session_id()
    server = session_id if new.server is None else new.server
    _require_room(db, new.owner_key, server, limit)
    drives = _drives_named(db, new)
    session = _make(new, session_id, server, drives, at)
    session = replace(
        session,
        revision=note_change(db, session_id, new.owner_key),
        request=seal_request(new.request, seal_of(db)),
    )
    values = {name: getattr(session, name) for name in FIELDS}
    derived = derive(values)
    row = {**values, **derived}
    seq = db.execute(_INSERT, row).scalar_one()
    note_inserted(db, seq)
    _mount(db, session, new, drives)
    _note_person(db, session)
    data = {"state": State.CREATED, "origin": new.origin, "name": new.name}
    if new.parent:
        data["parent"] = new.parent
    write_line(db, session_id, Line(1, at, actor, on_behalf_of, CREATED_EVENT, data))
    return session


def save(db: Db, session: Session, changes: Mapping[str, Any], *, is_edit: bool = True) -> Session:
    """Write changed columns of a session that was read in this transaction; return it as it is now.

    An edit counts the version up; anything visible gets a new revision. Raises `StaleVersion`.
    """
    revision = note_change(db, session.id, session.owner_key)
    version = session.version + 1 if is_edit else session.version
    after = replace(session, **changes, revision=revision, version=version)
    derived = _derived_changes(session, after) if not SOURCES.isdisjoint(changes) else {}
    values = {**changes, **derived, "revision": revision, "version": version}
    given = {f"new_{name}": value for name, value in values.items()}
    seen = {"seen_id": session.id, "seen_version": session.version}
    seq = db.execute(_update_of(tuple(values)), {**given, **seen}).scalar()
    if seq is None:
        raise StaleVersion(session.id)
    if "search" in derived:
        old = make_search({name: getattr(session, name) for name in SOURCES})
        note_changed(db, seq, short_terms(derived["search"]) - short_terms(old))
    return after


@lru_cache(maxsize=256)
def _update_of(names: tuple[str, ...]) -> ReturningUpdate[Any]:
    """Return the statement that writes these columns of a row whose version was seen."""
    seen = and_(
        SESSIONS.c.id == bindparam("seen_id"), SESSIONS.c.version == bindparam("seen_version")
    )
    values: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in names}
    return update(SESSIONS).where(seen).values(values).returning(SESSIONS.c.seq)


def note_removed(db: Db, session_id: str) -> None:
    """Note that the hub's stopped server of an ended session is gone; nothing visible changes."""
    done = update(SESSIONS).where(SESSIONS.c.id == session_id).values(hub_removed=True)
    db.execute(done)


def rename_drive(db: Db, drive_id: str, name: str) -> None:
    """Show a drive's new name in the live sessions that have it for home; history keeps the old."""
    query = select(*COLUMNS).where(SESSIONS.c.is_live, SESSIONS.c.drive_id == drive_id)
    for session in _all(db.execute(query)):
        save(db, session, {"drive_name": name}, is_edit=False)


def _require_room(db: Db, owner_key: str, server: str, limit: int | None) -> None:
    rows = db.execute(_LIVE_OF_OWNER, {"owner_key": owner_key}).all()
    if any(row.server == server for row in rows):
        raise ServerInUse(f"There is a live session on the server ‘{server}’.")
    used = sum(row.state in _COUNTED_WORDS for row in rows)
    if limit is not None and used >= limit:
        raise LimitReached(used, limit)


def _make(
    new: NewSession, session_id: str, server: str, drives: Mapping[str, str], at: datetime
) -> Session:
    names = {drive_id: name for name, drive_id in drives.items() if name != drive_id}
    return Session(
        id=session_id,
        server=server,
        owner=new.owner,
        owner_key=new.owner_key,
        email=new.email,
        name=new.name,
        environment=new.environment,
        environment_title=new.environment_title,
        image=new.image,
        state=State.CREATED,
        wanted="run",
        cause=None,
        ended_by=None,
        ended_by_kind=None,
        ended_on_behalf_of=None,
        generation=0,
        version=1,
        revision=0,
        lines=1,
        origin=new.origin,
        parent=new.parent,
        request=new.request,
        request_digest=new.request_digest,
        cpu=new.cpu,
        memory=new.memory,
        drive_id=new.drive_id,
        drive_name=names.get(new.drive_id, new.drive_name),
        idle_timeout=new.idle_timeout,
        max_lifetime=new.max_lifetime or new.request.get("max_lifetime"),
        created_at=at,
        started_at=None,
        ready_at=None,
        ended_at=None,
        last_used_at=None,
        extended_until=None,
        lifetime_ends_at=None,
        expires_at=None,
        token_sha256=None,
        billing_project=new.request.get("billing_project"),
        service_account=new.request.get("service_account"),
        archived=False,
        # The hub's own servers stay: nothing of ours is left with them.
        hub_removed=server != session_id,
        stages=[],
        evidence={},
    )


def _drives_named(db: Db, new: NewSession) -> dict[str, str]:
    """Return name or id → id of the owner's drives that a new session names."""
    named = {extra["drive"] for extra in new.request.get("extra_drives", ())} | {new.drive_id}
    rows = db.execute(
        select(DRIVES.c.id, DRIVES.c.name).where(
            DRIVES.c.owner_key == new.owner_key,
            DRIVES.c.deleted_at.is_(None),
            or_(DRIVES.c.id.in_(named), DRIVES.c.name.in_(named)),
        )
    ).all()
    return {row.name: row.id for row in rows} | {row.id: row.id for row in rows}


def _mount(db: Db, session: Session, new: NewSession, drives: Mapping[str, str]) -> None:
    extras: Sequence[Mount] = new.mounts or ()
    if new.mounts is None:
        extras = [
            Mount(drives[extra["drive"]], extra["path"], bool(extra.get("read_only", False)))
            for extra in new.request.get("extra_drives", ())
            if extra["drive"] in drives
        ]
    mounts = {session.drive_id: Mount(session.drive_id, "")}
    mounts = {mount.drive_id: mount for mount in extras} | mounts
    rows = [
        {
            "session_id": session.id,
            "drive_id": mount.drive_id,
            "path": mount.path,
            "read_only": mount.read_only,
            "is_home": mount.drive_id == session.drive_id,
        }
        for mount in mounts.values()
    ]
    db.execute(insert_into(MOUNTS), rows)


def _note_person(db: Db, session: Session) -> None:
    folded = fold(session.email or "")
    person = {"owner_key": session.owner_key, "owner": session.owner, "folded_email": folded}
    db.execute(_know(db.dialect.name), person)


@cache
def _know(dialect: str) -> Insert:
    """Return the statement that makes a person known, or keeps a new e-mail address."""
    person = (sqlite if dialect == "sqlite" else postgresql).insert(PEOPLE)
    known: Insert = person.on_conflict_do_update(
        index_elements=[PEOPLE.c.owner_key],
        set_={"folded_email": person.excluded.folded_email},
        where=PEOPLE.c.folded_email != person.excluded.folded_email,
    )
    return known


def _derived_changes(before: Session, after: Session) -> dict[str, Any]:
    was, now = (derive({name: getattr(one, name) for name in SOURCES}) for one in (before, after))
    return {name: value for name, value in now.items() if was[name] != value}
