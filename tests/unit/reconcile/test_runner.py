"""How often the reconciler looks, and what a look costs: differences alone ask the hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from sessions_service.db.engine import Db
from sessions_service.db.work import Database
from sessions_service.hub.link import Live
from sessions_service.reconcile.compare import Repair
from sessions_service.reconcile.runner import Reconciler
from sessions_service.sessions.models import Session
from sessions_service.web.metrics import Metrics
from sessions_spawner.wire.messages import LiveServer
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.records import add, after, counted_statements, run
from tests.support.waiting import wait_until


@dataclass
class Asked:
    """Link and hub as far as the reconciler asks them, and what it asked."""

    servers: list[LiveServer] = field(default_factory=list)
    looks: int = 0
    found: list[str] = field(default_factory=list)
    snapshot: Any = field(default_factory=lambda: Snapshot.model_construct(start_timeout=60))

    async def live(self) -> Live:
        self.looks += 1
        return Live(self.servers, frozenset())

    async def find(self, _owner: str, server: str) -> object:
        self.found.append(server)
        return self


@dataclass
class Around:
    """The service as far as the reconciler asks for it."""

    db: Database
    link: Asked
    hub: Asked
    metrics: Metrics = field(default_factory=Metrics)

    def now(self) -> datetime:
        return after(3600)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give a database with tables and its lease."""
    database = Database(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    await database.upgrade()
    await database.acquire("tests")
    yield database
    await database.close()


def make_running(db: Db, number: int) -> list[Session]:
    return [run(db, add(db, server=f"n{one}")) for one in range(number)]


def server_of(session: Session) -> LiveServer:
    return LiveServer(
        owner=session.owner,
        created="2026-01-01",
        server=session.server,
        id=session.id,
        generation=session.generation,
        ready=True,
        pending=None,
    )


@pytest.mark.parametrize("number", [10, 300])
async def test_what_agrees_costs_one_read_and_one_question_and_what_differs_one_more_each(
    database: Database, number: int
) -> None:
    sessions = await database.write(make_running, number)
    asked = Asked([server_of(one) for one in sessions])
    reconciler = Reconciler(cast("Any", Around(database, asked, asked)))
    with counted_statements(database._reader) as statements:
        assert await reconciler.look() == []
    assert (asked.looks, asked.found) == (1, [])
    # Whether it is there, its rows, the drives of all of them, in whatever number of sessions.
    assert len(statements) <= 3

    del asked.servers[3]
    (difference,) = await reconciler.look()
    assert difference.repair is Repair.MARK_LOST
    assert (asked.looks, asked.found) == (2, ["n3"])


@pytest.mark.parametrize(("seconds", "looks"), [(0, 3), (3600, 1)])
async def test_it_looks_at_once_and_then_as_often_as_the_setting_says(
    database: Database, seconds: int, looks: int
) -> None:
    settings = Snapshot.model_construct(start_timeout=60, reconcile_seconds=seconds)
    asked = Asked(snapshot=settings)
    task = asyncio.create_task(Reconciler(cast("Any", Around(database, asked, asked))).run())
    await wait_until(lambda: asked.looks >= looks)
    if seconds:
        await database.read(lambda _db: None)  # time enough for one more
        assert asked.looks == looks
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
