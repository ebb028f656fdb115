"""Records of sessions that tests compare with the hub, processes and pods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_service.db.engine import Db, make_engine
from sessions_service.db.migrations import upgrade
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions.models import Session
from tests.support.records import NOON, add, begin_next, end, run, scratch


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Db]:
    """Give a transaction on a database with tables."""
    engine = make_engine(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    upgrade(engine)
    with scratch(engine) as db:
        yield db
    engine.dispose()


@pytest.fixture
def running(db: Db) -> Session:
    """Give a running session."""
    return run(db, add(db, server="mine"))


@pytest.fixture
def ended(db: Db) -> Session:
    """Give a session that its owner has stopped."""
    begin_next(db)
    session = run(db, add(db))
    move(db, session.id, Event.STOP, at=NOON, actor="anna")
    return end(db, session)
