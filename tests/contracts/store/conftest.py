"""The store's databases: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine

from sessions_service.db.engine import Db, make_engine
from sessions_service.db.migrations import upgrade
from sessions_service.db.work import Database
from tests.support.records import scratch


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Give the engine of a migrated, empty database; tests leave nothing in it."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with server.new_database() as url:
            yield from _migrated(url)
    else:
        path: Path = tmp_path_factory.mktemp("store") / "sessions.sqlite"
        yield from _migrated(f"sqlite:///{path}")


def _migrated(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Db]:
    """Give a write transaction that is undone after the test."""
    with scratch(engine) as db:
        yield db


@pytest_asyncio.fixture
async def database(each_database_url: str) -> AsyncIterator[Database]:
    """Give a database of the test's own, migrated and with its lease."""
    database = Database(each_database_url)
    await database.upgrade()
    await database.acquire("tests")
    yield database
    await database.close()
