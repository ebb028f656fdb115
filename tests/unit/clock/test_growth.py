"""What the clock costs with many sessions: counted in transactions and in what it asks for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from sessions_service.clock.idle import IdleState
from sessions_service.clock.runner import FLUSH_SECONDS, IdleClock
from sessions_service.db.engine import Db
from sessions_service.db.work import Database
from sessions_service.events.fanout import Fanout
from sessions_service.sessions import store
from tests.support.records import NOON, add_running, after, counted_commits
from tests.support.waiting import wait_until

MANY = 10_000


@dataclass
class Asked:
    """The service as far as the clock asks for it; `db` is None where it must not be asked for."""

    db: Database | None
    at: datetime = NOON
    fanout: Fanout = field(default_factory=Fanout)
    ended: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def stop(self, session_id: str, *_cause: Any, **_more: Any) -> None:
        self.ended.append(session_id)


@asynccontextmanager
async def ticking(clock: IdleClock) -> AsyncIterator[None]:
    """Let the clock run for the time of an `async with` block."""
    task = asyncio.create_task(clock.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def make_clock(service: Asked) -> IdleClock:
    return IdleClock(cast("Any", service))


def used_at(db: Db, ids: Iterable[str]) -> set[datetime | None]:
    return {one.last_used_at for one in store.get_many(db, list(ids))}


@pytest.mark.parametrize("number", [10, 300])
async def test_reports_of_many_sessions_are_one_transaction_in_two_seconds(
    database: Database, number: int
) -> None:
    service = Asked(database, at=after(60))
    clock = make_clock(service)
    sessions = await database.write(add_running, number)
    for session in sessions:
        clock.follow(session)
    with counted_commits(database.engine) as commits:
        async with ticking(clock):
            began = time.monotonic()
            for session in sessions:
                clock.report(session.id, [used("lab", after(60))])
                await database.read(store.newest_revision)  # time enough for a write
            transactions, took = len(commits), time.monotonic() - began
            wanted = {after(60)}
            ids = [session.id for session in sessions]
            async with asyncio.timeout(20):
                while await database.read(used_at, ids) != wanted:
                    pass
    assert transactions <= 2 + took / FLUSH_SECONDS


def used(kind: str, at: datetime) -> dict[str, Any]:
    return {"kind": kind, "at": at, "busy": False, "sentence": ""}


@pytest.mark.parametrize("number", [10, MANY])
async def test_with_nothing_due_nothing_is_read_and_one_that_is_due_is_looked_at_alone(
    number: int,
) -> None:
    service = Asked(None)
    clock = make_clock(service)
    for one in range(number):
        since = NOON + timedelta(seconds=one)
        clock._states[f"s{one}"] = IdleState(timeout=900, since=since, is_running=True)
        clock._schedule(f"s{one}")
    async with ticking(clock):
        for _turn in range(20):
            await asyncio.sleep(0)
        assert service.ended == []
        service.at = after(900)
        clock._woken.set()
        await wait_until(lambda: service.ended)
        for _turn in range(20):
            await asyncio.sleep(0)
    assert service.ended == ["s0"]
