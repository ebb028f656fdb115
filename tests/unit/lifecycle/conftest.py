"""What the lifecycle's tests share: a database, and transactions on it that are undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from sessions_service.db.engine import Db, make_engine
from sessions_service.db.migrations import upgrade
from tests.support.records import scratch


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give the engine of a migrated SQLite database."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('lifecycle') / 'sessions.sqlite'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Db]:
    """Give a write transaction that is undone after the test."""
    with scratch(engine) as db:
        yield db
