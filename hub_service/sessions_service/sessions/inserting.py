"""Make a session's record: the row, its drives, its owner and the first line of its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Insert, and_, bindparam, case, func, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects import postgresql, sqlite

from sessions_spawner.request.ids import new_session_id

from ..db.changes import note_change
from ..db.engine import Db
from ..db.seal import seal_of
from ..lifecycle.chronicle import Line, write_line
from ..lifecycle.table import COUNTED, LIVE, State
from .columns import derive, fold
from .models import FIELDS, Mount, NewSession, Session
from .rows import MOUNTS, PEOPLE, SESSIONS
from .sealed import seal_request
from .search import note_inserted

CREATED_EVENT: Final = "created"


class LimitReached(Exception):
    """The owner has as many sessions pending and running as he may."""

    def __init__(self, used: int, limit: int) -> None:
        super().__init__(f"You have {used} of {limit} sessions running. Stop one first.")
        self.used = used
        self.limit = limit


class ServerInUse(Exception):
    """The owner has a live session on a server of this name."""


_LIVE_OF_OWNER: Final = and_(SESSIONS.c.is_live, SESSIONS.c.owner_key == bindparam("owner_key"))
# Written out by state: a list's values would be put into the statement anew each time.
_NOT_COUNTED: Final = (SESSIONS.c.state == state.value for state in sorted(LIVE - COUNTED))
_COUNTED: Final = func.count(case((~or_(*_NOT_COUNTED), SESSIONS.c.seq)))
_ON_SERVER: Final = func.count(case((SESSIONS.c.server == bindparam("server"), SESSIONS.c.seq)))
_COUNT: Final = select(_COUNTED).where(_LIVE_OF_OWNER)
_COUNT_ROOM: Final = select(_COUNTED, _ON_SERVER).where(_LIVE_OF_OWNER)
_INSERT: Final = insert_into(SESSIONS).returning(SESSIONS.c.seq)
_INSERT_MOUNTS: Final = insert_into(MOUNTS)


def running_count(db: Db, owner_key: str) -> int:
    """Return how many sessions of an owner count against the limit: pending and running."""
    return db.execute(_COUNT, {"owner_key": owner_key}).scalar_one()


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
    session = _make(new, session_id, server, at)
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
    _mount(db, session, new.mounts)
    _note_person(db, session)
    data = {"state": State.CREATED, "origin": new.origin, "name": new.name}
    if new.parent:
        data["parent"] = new.parent
    write_line(db, session_id, Line(1, at, actor, on_behalf_of, CREATED_EVENT, data))
    return session


def _require_room(db: Db, owner_key: str, server: str, limit: int | None) -> None:
    used, on_server = db.execute(_COUNT_ROOM, {"owner_key": owner_key, "server": server}).one()
    if on_server:
        raise ServerInUse(f"There is a live session on the server ‘{server}’.")
    if limit is not None and used >= limit:
        raise LimitReached(used, limit)


def _make(new: NewSession, session_id: str, server: str, at: datetime) -> Session:
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
        drive_name=new.drive_name,
        idle_timeout=new.idle_timeout,
        max_lifetime=new.max_lifetime,
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


def _mount(db: Db, session: Session, extras: Sequence[Mount]) -> None:
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
    db.execute(_INSERT_MOUNTS, rows)


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
