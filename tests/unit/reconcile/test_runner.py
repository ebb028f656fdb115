"""How often the reconciler looks, and what a look costs: differences alone ask the hub."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest

from sessions_service.db.work import Database
from sessions_service.hub.link import Live
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.reconcile.compare import Repair
from sessions_service.reconcile.runner import Reconciler
from sessions_service.sessions import store
from sessions_service.sessions.living import Living
from sessions_service.sessions.models import Session
from sessions_service.sessions.reading import make_session
from sessions_service.web.metrics import Metrics
from sessions_spawner.wire.messages import LiveServer
from sessions_spawner.wire.runs import RunDigest
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.records import add_running, after, counted_statements
from tests.support.waiting import wait_until


@dataclass
class Asked:
    """Link and hub as far as the reconciler asks them, and what it asked."""

    servers: list[LiveServer] = field(default_factory=list)
    looks: int = 0
    found: list[str] = field(default_factory=list)
    snapshot: Any = field(default_factory=lambda: Snapshot.model_construct(start_timeout=60))

    async def live(self, running: str = "") -> Live:
        self.looks += 1
        ready = [one for one in self.servers if one.ready]
        agrees = running == str(RunDigest((one.id, one.generation) for one in ready))
        told = [one for one in self.servers if not (agrees and one.ready)]
        return Live(told, frozenset(), agrees)

    async def find(self, _owner: str, server: str) -> object:
        self.found.append(server)
        return self


@dataclass
class Around:
    """The service as far as the reconciler asks for it."""

    db: Database
    link: Asked
    hub: Asked
    living: Living = field(default_factory=Living)
    metrics: Metrics = field(default_factory=Metrics)

    def now(self) -> datetime:
        return after(3600)


@contextmanager
def counted_rows() -> Iterator[list[str]]:
    """Give the ids of the sessions that are read meanwhile."""
    read: list[str] = []

    def note(values: Sequence[Any]) -> Session:
        session = make_session(values)
        read.append(session.id)
        return session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "make_session", note)
        yield read


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


def look_over(
    database: Database,
    asked: Asked,
    sessions: list[Session],
    seconds: Callable[[], float] = time.monotonic,
) -> Reconciler:
    """Return a reconciler that knows these sessions, and has looked at each of them."""
    around = Around(database, asked, asked)
    for session in sessions:
        around.living.take(session)
    return Reconciler(cast("Any", around), seconds)


@pytest.mark.parametrize("number", [10, 300])
async def test_what_agrees_is_not_read_and_what_differs_asks_the_hub_alone(
    database: Database, number: int
) -> None:
    sessions = await database.write(add_running, number)
    asked = Asked([server_of(one) for one in sessions])
    reconciler = look_over(database, asked, sessions)
    assert await reconciler.look() == []  # the first looks at each
    assert (asked.looks, asked.found) == (1, [])
    with counted_statements(database._reader) as statements, counted_rows() as rows:
        assert await reconciler.look() == []
    assert (asked.looks, asked.found) == (2, [])
    assert len(statements) <= 2
    assert rows == []

    del asked.servers[3]
    (difference,) = await reconciler.look()
    assert difference.repair is Repair.MARK_LOST
    assert asked.found == ["n3"]


async def test_what_is_pending_or_being_stopped_is_looked_at_beside_what_agrees(
    database: Database,
) -> None:
    sessions = await database.write(add_running, 5)
    asked = Asked([server_of(one) for one in sessions])
    reconciler = look_over(database, asked, sessions)
    await reconciler.look()
    stopped = await database.write(move, sessions[0].id, Event.STOP, at=after(9), actor="anna")
    # Committed, and not followed yet: the hub runs it as before, so that it has not ended.
    assert await reconciler.look() == []
    cast("Any", reconciler)._service.living.take(stopped)
    del asked.servers[0]
    (difference,) = await reconciler.look()
    assert (difference.repair, difference.row) == (Repair.MARK_ENDED, stopped)


async def test_every_ten_minutes_each_is_looked_at(database: Database) -> None:
    sessions = await database.write(add_running, 5)
    asked = Asked([server_of(one) for one in sessions])
    now = 0
    reconciler = look_over(database, asked, sessions, lambda: now)
    for now, read in ((10_000, 5), (10_599, 0), (10_601, 5), (10_602, 0)):  # noqa: B007
        with counted_rows() as rows:
            await reconciler.look()
        assert len(rows) == read


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
