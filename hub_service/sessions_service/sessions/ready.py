"""How a session's row gets ready: what it says by then counts, not what was read before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..db.engine import Db
from ..lifecycle.actors import Part
from ..lifecycle.moments import life_end
from ..lifecycle.move import move
from ..lifecycle.table import Event
from . import store
from .models import Session


def ready_row(
    db: Db,
    session_id: str,
    *,
    since: datetime,
    at: datetime,
    stages: Sequence[Mapping[str, Any]] = (),
    seen: Mapping[str, Any] | None = None,
) -> Session:
    """Move a session to running: the hub serves it since then; keep what was `seen`."""
    session = store.need(db, session_id)
    lives_until = life_end(since, session.max_lifetime)
    changes: dict[str, Any] = {
        "ready_at": since,
        "lifetime_ends_at": lives_until,
        "expires_at": min(filter(None, (_unused_end(session, since), lives_until)), default=None),
    }
    if stages:
        changes["stages"] = list(stages)
    if seen:
        changes["evidence"] = {**session.evidence, **seen}
    return move(db, session_id, Event.READY, at=at, actor=Part.HUB, changes=changes)


def _unused_end(session: Session, since: datetime) -> datetime | None:
    if session.idle_timeout == -1:
        return None
    return since + timedelta(seconds=session.idle_timeout)
