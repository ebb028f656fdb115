"""Units of work: one writer in order, listeners after commits, a lease that fences."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from sessions_service.db import engine as engines
from sessions_service.db import lease, work
from sessions_service.db.engine import Db
from sessions_service.db.work import Change, Database, DatabaseBusy, LeaseHeld, LeaseLost
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions import store
from sessions_service.sessions.models import Session
from tests.support.records import NOON, after, counted_commits, make_new


async def create(database: Database, owner: str = "anna") -> Session:
    return await database.write(store.insert, make_new(owner), at=NOON, actor=owner, limit=None)


async def test_a_life_is_six_commits(database: Database) -> None:
    with counted_commits(database.engine) as commits:
        session = await create(database)
        for step in (Event.ASKED, Event.ADMITTED, Event.READY, Event.STOP, Event.ENDED):
            await database.write(move, session.id, step, at=NOON, actor="anna")
    assert len(commits) == 6


async def test_revisions_grow_in_commit_order_and_listeners_hear_of_them(
    database: Database,
) -> None:
    heard: list[Change] = []
    threads: set[int] = set()

    def listen(changes: Iterable[Change]) -> None:
        threads.add(threading.get_ident())
        heard.extend(changes)

    database.add_listener(listen)
    made = await asyncio.gather(*(create(database, f"user-{n}") for n in range(20)))
    assert threads == {threading.get_ident()}
    assert [change.revision for change in heard] == list(range(1, 21))
    assert {(one.id, one.revision, one.owner_key) for one in made} == {
        (change.session_id, change.revision, change.owner_key) for change in heard
    }
    assert database.revision == 20


async def test_a_change_is_heard_before_its_writer_goes_on(database: Database) -> None:
    heard: list[str] = []
    database.add_listener(lambda changes: heard.extend(one.session_id for one in changes))
    session = await create(database)
    assert heard == [session.id]


async def test_a_failed_write_leaves_nothing_and_tells_nobody(database: Database) -> None:
    heard: list[Change] = []
    database.add_listener(heard.extend)

    def fail(db: Db) -> None:
        store.insert(db, make_new(), at=NOON, actor="anna", limit=None)
        raise RuntimeError("after the row")

    with pytest.raises(RuntimeError, match="after the row"):
        await database.write(fail)
    assert await database.read(store.live) == []
    assert heard == []
    assert (await create(database)).revision == 1


async def test_a_broken_rule_of_the_tables_is_no_busy_database(database: Database) -> None:
    session = await create(database)
    with pytest.raises(IntegrityError):
        await database.write(
            lambda db: db.execute(
                text(
                    "INSERT INTO session_drives SELECT 'x', id, '', is_live, is_live FROM sessions"
                )
            )
        )
    assert await database.read(store.get, session.id) == session


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="read"):
        await database.read(lambda db: db.execute(text("DELETE FROM lease")))


async def test_a_reader_sees_one_moment(database: Database) -> None:
    await create(database)
    loop = asyncio.get_running_loop()

    def look_twice(db: Db) -> tuple[int, int]:
        first = len(store.live(db))
        asyncio.run_coroutine_threadsafe(create(database), loop).result(10)
        return first, len(store.live(db))

    assert await database.read(look_twice) == (1, 1)
    assert len(await database.read(store.live)) == 2


def lock(connection: Connection) -> None:
    """Hold what every write needs, until the connection's transaction ends."""
    connection.execute(text("UPDATE lease SET holder = holder"))


async def test_a_lock_that_is_short_reaches_no_caller(database: Database) -> None:
    other = engines.make_engine(database.engine.url)
    with other.connect() as connection:
        lock(connection)
        writing = asyncio.create_task(create(database))
        await asyncio.wait({writing}, timeout=0.3)
        assert not writing.done()
        connection.rollback()
        session = await writing
    other.dispose()
    assert await database.read(store.get, session.id) == session


async def test_a_lock_that_is_long_says_busy_and_leaves_nothing(
    each_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    monkeypatch.setattr(work, "BUSY_SECONDS", 1)
    database = Database(each_database_url)
    await database.upgrade()
    await database.acquire("tests")
    other = engines.make_engine(each_database_url)
    with other.connect() as connection:
        lock(connection)
        with pytest.raises(DatabaseBusy):
            await create(database)
        assert await database.read(store.live) == [], "reading goes on"
        connection.rollback()
    other.dispose()
    session = await create(database)
    assert await database.read(store.live) == [session]
    await database.close()


@pytest.mark.postgresql
async def test_a_lost_connection_reaches_no_caller(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    await database.upgrade()
    await database.acquire("tests")
    await create(database)
    other = engines.make_engine(postgresql_url)
    with other.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()
    await create(database)
    assert len(await database.read(store.live)) == 2
    await database.close()


async def test_a_full_disk_says_busy_and_recovers(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    await database.upgrade()
    await database.acquire("tests")
    await database.write(lambda db: db.execute(text("PRAGMA max_page_count = 1")))
    with pytest.raises(DatabaseBusy, match="full"):
        await asyncio.gather(*(create(database, f"user-{n}") for n in range(50)))
    await database.write(lambda db: db.execute(text("PRAGMA max_page_count = 100000")))
    await create(database)
    await database.close()


async def test_without_a_lease_nothing_is_written(each_database_url: str) -> None:
    database = Database(each_database_url)
    await database.upgrade()
    assert not database.has_lease
    with pytest.raises(LeaseLost):
        await create(database)
    await database.close()


async def test_another_supervisors_live_lease_is_respected_until_it_is_old(
    each_database_url: str,
) -> None:
    clock = [NOON]
    first = Database(each_database_url, now=lambda: clock[0])
    second = Database(each_database_url, now=lambda: clock[0])
    await first.upgrade()
    assert await first.acquire("one") == 1
    clock[0] = after(10)
    await first.renew()
    clock[0] = after(24)
    with pytest.raises(LeaseHeld) as held:
        await second.acquire("two")
    assert held.value.seconds == pytest.approx(1.0)
    clock[0] = after(25)
    assert await second.acquire("two") == 2
    await _expect_fenced(first)
    await create(second)
    await _close(first, second)


async def test_a_worker_of_the_same_supervisor_takes_over_at_once(each_database_url: str) -> None:
    first, second = Database(each_database_url), Database(each_database_url)
    await first.upgrade()
    await first.acquire("one")
    session = await create(first)
    assert await second.acquire("one") == 2
    await _expect_fenced(first)
    assert (await create(second)).revision == session.revision + 1
    await _close(first, second)


async def test_a_closed_database_gives_its_lease_back(each_database_url: str) -> None:
    first, second = Database(each_database_url), Database(each_database_url)
    await first.upgrade()
    await first.acquire("one")
    await first.close()
    assert await second.acquire("two") == 2
    await second.close()


async def test_a_lease_taken_while_a_write_is_under_way_waits_for_it(
    each_database_url: str,
) -> None:
    first, second = Database(each_database_url), Database(each_database_url)
    await first.upgrade()
    await first.acquire("one")
    begun, may_go_on = threading.Event(), threading.Event()

    def slow(db: Db) -> str:
        begun.set()
        may_go_on.wait(10)
        return store.insert(db, make_new(), at=NOON, actor="anna", limit=None).id

    writing = asyncio.create_task(first.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    taking = asyncio.create_task(second.acquire("one"))
    await asyncio.wait({taking}, timeout=0.2)
    assert not taking.done()
    may_go_on.set()
    assert await taking == 2
    assert second.revision == 1, "the new holder goes on after the last write of the former"
    assert (await writing) in {one.id for one in await second.read(store.live)}
    await _close(first, second)


async def test_keeping_the_lease_ends_when_it_is_lost(
    each_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    first, second = Database(each_database_url), Database(each_database_url)
    await first.upgrade()
    await first.acquire("one")
    keeping = asyncio.create_task(first.keep_lease())
    await asyncio.wait({keeping}, timeout=0.1)
    assert not keeping.done()
    await second.acquire("one")
    with pytest.raises(LeaseLost):
        await asyncio.wait_for(keeping, 10)
    assert not first.has_lease
    await _close(first, second)


async def _expect_fenced(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(LeaseLost):
            await create(database)


async def _close(*databases: Database) -> None:
    for database in databases:
        await database.close()
