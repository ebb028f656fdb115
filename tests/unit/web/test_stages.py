"""The stages of a start say how far it came, and which one failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine

from sessions_service.db.engine import Db
from sessions_service.db.migrations import upgrade
from sessions_service.lifecycle.causes import Cause
from sessions_service.sessions.models import Session
from sessions_service.sessions.stages import describe_stages
from tests.support.records import NOON, add, after, end, run, scratch

ENTERED = [
    {"name": "preparing drive", "at": NOON.isoformat()},
    {"name": "starting", "at": after(1).isoformat()},
]


@pytest.fixture
def db(tmp_path: Any) -> Iterator[Db]:
    """Give a write transaction."""
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    upgrade(engine)
    with scratch(engine) as db:
        yield db
    engine.dispose()


def told(session: Session) -> list[tuple[str, str | None]]:
    created, *others = describe_stages(session, ENTERED)
    assert (created["name"], created["state"]) == ("created", "done")
    return [(one["state"], one["ended_at"]) for one in others]


SECOND = "2026-11-21T12:00:01Z"


def test_the_stage_that_a_start_came_to_is_under_way(db: Db) -> None:
    stages = describe_stages(add(db), ENTERED)
    assert [one["message"] for one in stages] == ["Accepted", "Preparing the drive", "Starting"]
    assert stages[1]["started_at"] == "2026-11-21T12:00:00Z"
    assert told(add(db)) == [("done", SECOND), ("running", None)]


def test_once_ready_every_stage_is_done(db: Db) -> None:
    session = run(db, add(db), at=after(3))
    assert told(session) == [("done", SECOND), ("done", "2026-11-21T12:00:03.000Z")]
    assert {state for state, _at in told(end(db, session, Cause.CRASHED))} == {"done"}


@pytest.mark.parametrize(("cause", "state"), [(Cause.CRASHED, "failed"), (Cause.USER, "cancelled")])
def test_the_last_stage_of_a_start_that_came_to_nothing_says_so(
    db: Db, cause: Cause, state: str
) -> None:
    session = end(db, add(db), cause, at=after(9))
    assert told(session) == [("done", SECOND), (state, "2026-11-21T12:00:09.000Z")]


def test_a_start_that_told_no_stage_is_created(db: Db) -> None:
    (created,) = describe_stages(add(db), [])
    assert (created["name"], created["state"]) == ("created", "running")
    (created,) = describe_stages(end(db, add(db), Cause.REFUSED, at=after(9)), [])
    assert (created["state"], created["ended_at"]) == ("failed", "2026-11-21T12:00:09.000Z")
