"""Looks at many sessions at once: what cannot be read, how long starts took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ..db.engine import Db
from .models import Session
from .reading import make_session
from .rows import SESSIONS
from .store import COLUMNS


def unreadable(db: Db, latest: int = 500) -> list[Session]:
    """Return what cannot be read among the live rows and the latest ended ones."""
    ended = select(SESSIONS.c.seq).where(SESSIONS.c.in_history)
    ended = ended.order_by(SESSIONS.c.sort_end.desc(), SESSIONS.c.id.desc()).limit(latest)
    found: dict[str, Session] = {}
    for which in (SESSIONS.c.is_live, SESSIONS.c.seq.in_(ended.scalar_subquery())):
        sessions = map(make_session, db.execute(select(*COLUMNS).where(which)))
        found |= {one.id: one for one in sessions if one.damage}
    return list(found.values())


def latest_starts(db: Db, limit: int = 500) -> list[tuple[str, float]]:
    """Return (environment, seconds from asking to ready) of the latest starts, oldest first."""
    query = select(SESSIONS.c.environment, SESSIONS.c.created_at, SESSIONS.c.ready_at)
    query = query.with_hint(SESSIONS, "INDEXED BY ix_history_created_at", "sqlite")
    query = query.where(SESSIONS.c.in_history).order_by(SESSIONS.c.created_at.desc())
    return [
        (row.environment, (row.ready_at - row.created_at).total_seconds())
        for row in reversed(db.execute(query.limit(limit)).all())
        if type(row.ready_at) is type(row.created_at) is datetime
    ]
