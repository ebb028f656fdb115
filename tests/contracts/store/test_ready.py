"""What a session's row says when it gets ready counts, not what was read of it before."""

from __future__ import annotations

from typing import Any

from sessions_service.db.engine import Db
from sessions_service.lifecycle.move import edit, move
from sessions_service.lifecycle.table import Event, State
from sessions_service.sessions.models import Session
from sessions_service.sessions.ready import ready_row
from tests.support.records import NOON, add, after


def provisioning(db: Db, **given: Any) -> Session:
    session = add(db, **given)
    for step in (Event.ASKED, Event.ADMITTED):
        session = move(db, session.id, step, at=NOON, actor="hub")
    return session


def test_a_change_between_the_look_and_the_move_is_kept(db: Db) -> None:
    session = provisioning(db, max_lifetime=600)
    changes = {"max_lifetime": 60, "evidence": {"reason": "seen meanwhile"}}
    edit(db, session.id, at=NOON, actor="anna", changes=changes)
    ready = ready_row(db, session.id, since=after(1), at=after(3), seen={"node": "n1"})
    assert (ready.state, ready.ready_at) == (State.RUNNING, after(1))
    assert ready.lifetime_ends_at == ready.expires_at == after(61)
    assert ready.evidence == {"reason": "seen meanwhile", "node": "n1"}


def test_without_a_bound_it_ends_when_nobody_uses_it_or_never(db: Db) -> None:
    idle = ready_row(db, provisioning(db).id, since=NOON, at=NOON)
    assert (idle.lifetime_ends_at, idle.expires_at) == (None, after(900))
    never = ready_row(db, provisioning(db, idle_timeout=-1).id, since=NOON, at=NOON)
    assert (never.lifetime_ends_at, never.expires_at) == (None, None)
