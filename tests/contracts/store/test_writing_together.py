"""Units of work that wait at the same time share a transaction, and nobody can tell."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from sessions_service.db import engine as engines
from sessions_service.db import work
from sessions_service.db.changes import note_change
from sessions_service.db.engine import Db
from sessions_service.db.work import Change, CommitUnknown, Database, DatabaseBusy, LeaseLost
from sessions_service.db.writer import MOST_TOGETHER
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.move import NoSuchMove, NoSuchSession, edit, move
from sessions_service.lifecycle.table import Event, State
from sessions_service.sessions import store
from sessions_service.sessions.columns import derive
from sessions_service.sessions.models import Session
from sessions_service.sessions.rows import SESSIONS
from tests.support.records import NOON, add, counted_commits, counted_statements, make_new


class Refusal(Exception):
    """What a unit of these tests raises."""


def fail(db: Db) -> None:
    """Write a row and raise."""
    add(db, "nobody")
    raise Refusal


@asynccontextmanager
async def held_up(database: Database) -> Any:
    """Keep the writer busy, so that what is asked for meanwhile waits together."""
    begun, may_go_on = threading.Event(), threading.Event()

    def wait(_db: Db) -> None:
        begun.set()
        may_go_on.wait(10)

    waiting = asyncio.create_task(database.write(wait))
    await asyncio.to_thread(begun.wait, 10)
    try:
        yield
    finally:
        may_go_on.set()
        await waiting


async def write_together(
    database: Database, *calls: Callable[[Db], Any]
) -> list[asyncio.Task[Any]]:
    """Have units of work wait together; return their tasks, which are done."""
    async with held_up(database):
        tasks = [asyncio.create_task(database.write(call)) for call in calls]
        await asyncio.sleep(0)
    await asyncio.wait(tasks)
    return tasks


async def test_what_waits_together_is_one_commit_in_order(database: Database) -> None:
    with counted_commits(database.engine) as commits:
        tasks = await write_together(
            database, *(lambda db, n=n: add(db, f"user-{n}") for n in range(9))
        )
    assert len(commits) == 2, "one for what held the writer up, one for all that waited"
    made = [task.result() for task in tasks]
    assert [(one.owner, one.revision) for one in made] == [(f"user-{n}", n + 1) for n in range(9)]
    assert len(await database.read(store.live)) == 9


async def test_the_lease_is_looked_at_once_for_all_that_wait(database: Database) -> None:
    with counted_statements(database.engine) as statements:
        await write_together(database, *(add for _ in range(9)))
    assert sum(" lease" in one for one in statements) == 2


async def test_one_that_raises_undoes_none_of_the_others(database: Database) -> None:
    heard: list[Change] = []
    database.add_listener(heard.extend)
    tasks = await write_together(database, add, fail, lambda db: add(db, "ben"), fail)
    assert [type(task.exception()) for task in tasks] == [
        type(None), Refusal, type(None), Refusal
    ]  # fmt: skip
    made = [tasks[0].result(), tasks[2].result()]
    assert sorted(await database.read(store.live), key=lambda one: one.revision) == made
    assert [one.revision for one in made] == [1, 2]
    assert [change.session_id for change in heard] == [one.id for one in made]
    assert database.revision == 2


async def test_one_that_raises_leaves_the_others_together(database: Database) -> None:
    with counted_commits(database.engine) as commits:
        tasks = await write_together(database, *[add] * 5, fail, *[add] * 5)
    assert [type(task.exception()) for task in tasks].count(Refusal) == 1
    assert len(commits) == 3, "what held the writer up, those before it, those after it"
    assert len(await database.read(store.live)) == 10


async def test_what_a_later_one_sees_is_what_the_earlier_ones_wrote(database: Database) -> None:
    session = await database.write(add)
    heard: list[tuple[Change, ...]] = []
    database.add_listener(heard.append)
    steps = (Event.ASKED, Event.ADMITTED, Event.READY)
    tasks = await write_together(
        database,
        *(lambda db, step=step: move(db, session.id, step, at=NOON, actor="hub") for step in steps),
    )
    moved = [task.result() for task in tasks]
    assert [one.state for one in moved] == ["starting", "provisioning", "running"]
    assert [one.revision for one in moved] == [2, 3, 4], "a revision each, as if they came alone"
    told = [[(one.session_id, one.revision) for one in changes] for changes in heard]
    assert told == [[(session.id, 2)], [(session.id, 3)], [(session.id, 4)]]


async def test_nothing_of_them_is_written_without_the_lease(each_database_url: str) -> None:
    first, second = Database(each_database_url), Database(each_database_url)
    await first.upgrade()
    await first.acquire("one")
    async with held_up(first):
        tasks = [asyncio.create_task(first.write(add)) for _ in range(5)]
        taking = asyncio.create_task(second.acquire("one"))
        await asyncio.wait({taking}, timeout=0.2)
    await taking
    await asyncio.wait(tasks)
    outcomes = [task.exception() for task in tasks]
    fenced = [one for one in outcomes if isinstance(one, LeaseLost)]
    written = await second.read(store.live)
    assert len(written) == len(outcomes) - len(fenced)
    assert len(fenced) in (0, 5), "all of them came before the new holder, or none"
    with pytest.raises(LeaseLost):
        await first.write(add)
    await first.close()
    await second.close()


def lock(connection: Connection) -> None:
    """Hold what every write needs, until the connection's transaction ends."""
    connection.execute(text("UPDATE lease SET holder = holder"))


async def test_a_busy_database_refuses_all_of_them_and_then_takes_the_next(
    each_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = engines.make_engine(each_database_url)  # this one waits for its lock as usual
    monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
    monkeypatch.setattr(work, "BUSY_SECONDS", 1)
    database = Database(each_database_url)
    await database.upgrade()
    await database.acquire("tests")
    async with held_up(database):
        tasks = [asyncio.create_task(database.write(add)) for _ in range(3)]
        locking = asyncio.create_task(asyncio.to_thread(_hold, other))
        await asyncio.wait({locking}, timeout=0.2)
    connection = await locking
    await asyncio.wait(tasks)
    outcomes = [type(task.exception()) for task in tasks]
    assert set(outcomes) <= {DatabaseBusy, type(None)}
    refused = await asyncio.gather(*(database.write(add) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in refused] == [DatabaseBusy] * 3
    connection.rollback()
    connection.close()
    other.dispose()
    await database.write(add)
    assert len(await database.read(store.live)) == outcomes.count(type(None)) + 1
    await database.close()


def _hold(engine: Engine) -> Connection:
    connection = engine.connect()
    lock(connection)
    return connection


async def test_a_waiter_that_went_before_its_turn_is_left_out(database: Database) -> None:
    async with held_up(database):
        tasks = [
            asyncio.create_task(database.write(add, owner)) for owner in ("anna", "ben", "carl")
        ]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.wait({tasks[1]})
    await asyncio.wait(tasks)
    assert tasks[1].cancelled()
    assert {one.owner for one in await database.read(store.live)} == {"anna", "carl"}


async def test_a_waiter_that_goes_in_its_turn_keeps_no_other_from_its_answer(
    database: Database,
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def slow(db: Db) -> Session:
        begun.set()
        may_go_on.wait(10)
        return add(db, "ben")

    async with held_up(database):
        tasks = [asyncio.create_task(database.write(call)) for call in (add, slow, add)]
        await asyncio.sleep(0)
    await asyncio.to_thread(begun.wait, 10)
    tasks[1].cancel()
    await asyncio.wait({tasks[1]})
    may_go_on.set()
    first, last = await asyncio.gather(tasks[0], tasks[2])
    live = await database.read(store.live)
    assert {first.id, last.id} < {one.id for one in live}
    assert len(live) == 3, "what had begun was done"


async def test_a_thousand_that_wait_are_all_answered_in_few_commits(database: Database) -> None:
    heard: list[Change] = []
    database.add_listener(heard.extend)
    ids = [f"s{number:06d}" for number in range(1000)]
    with counted_commits(database.engine) as commits:
        revisions = await asyncio.gather(
            *(database.write(note_change, session_id, "anna") for session_id in ids)
        )
    assert revisions == list(range(1, 1001))
    assert [(one.session_id, one.revision) for one in heard] == list(
        zip(ids, revisions, strict=True)
    )
    assert len(commits) <= 1000 // MOST_TOGETHER + 2


async def test_a_listener_that_fails_keeps_nobody_from_hearing(database: Database) -> None:
    heard: list[Change] = []

    def fall(_changes: Iterable[Change]) -> None:
        raise Refusal

    database.add_listener(fall)
    database.add_listener(heard.extend)
    tasks = await write_together(database, add, add)
    assert [change.session_id for change in heard] == [task.result().id for task in tasks]


@pytest.mark.postgresql
async def test_a_commit_that_nobody_knows_of_is_made_once_and_said_to_all(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    await database.upgrade()
    await database.acquire("tests")
    other = engines.make_engine(postgresql_url)
    calls: list[str] = []

    def cut(db: Db) -> None:
        calls.append("cut")
        process = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": process})

    def make(db: Db) -> None:
        calls.append("make")
        add(db)

    heard: list[Change] = []
    database.add_listener(heard.extend)
    tasks = await write_together(database, make, cut)
    assert [type(task.exception()) for task in tasks] == [CommitUnknown] * 2
    assert calls == ["make", "cut"]
    # It may have been written: whoever follows changes looks, and its revision is nobody else's.
    assert [change.revision for change in heard] == [1]
    other.dispose()
    assert (await database.write(add)).revision == 2
    await database.close()


# Whether they come alone or together, what is kept and answered is the same.

_STEPS = (*Event, "rename", "fail", "add")


def _make_unit(chance: random.Random) -> Callable[[Db], Any]:
    """Return a unit that adds, moves, renames or fails, often against the rules."""
    one, step = f"s{chance.randrange(12):06d}", chance.choice(_STEPS)

    def unit(db: Db) -> Any:
        if step == "add":
            return store.insert(db, make_new(id=one), at=NOON, actor="anna", limit=4).id
        if step == "fail":
            return fail(db)
        if step == "rename":
            return edit(db, one, at=NOON, actor="anna", changes={"name": f"{step} {one}"}).version
        changes = {"cause": Cause.USER} if step in ("ended", "broke") else {}
        return move(db, one, Event(step), at=NOON, actor="anna", changes=changes).lines

    return unit


async def _carry_out(url: str, units: list[Callable[[Db], Any]], at_once: int) -> Any:
    database = Database(url)
    await database.upgrade()
    await database.acquire("tests")
    answers: list[Any] = []
    heard: list[Change] = []
    database.add_listener(heard.extend)
    for first in range(0, len(units), at_once):
        some = (database.write(unit) for unit in units[first : first + at_once])
        answers += await asyncio.gather(*some, return_exceptions=True)
    ids = [f"s{number:06d}" for number in range(12)]
    kept = sorted(await database.read(store.get_many, ids), key=lambda one: one.id)
    stories = [await database.read(read_story, one) for one in ids]
    await database.read(_require_right_columns)
    await database.close()
    said = [type(one) if isinstance(one, Exception) else one for one in answers]
    return said, kept, stories, heard


def _require_right_columns(db: Db) -> None:
    """Compare what is kept beside each row's fields with what comes out of these."""
    for row in db.execute(select(SESSIONS)).mappings():
        derived = derive({**row, "state": State(row["state"]), "cause": _cause_of(row["cause"])})
        assert {name: row[name] for name in derived} == derived


def _cause_of(kept: str | None) -> Cause | None:
    return None if kept is None else Cause(kept)


@pytest.mark.parametrize("seed", range(3))
async def test_together_leaves_and_answers_what_one_after_the_other_does(
    each_database_url: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(seed)
    units = [_make_unit(chance) for _ in range(150)]
    alone = f"sqlite:///{tmp_path_factory.mktemp('alone')}/sessions.sqlite"
    expected = await _carry_out(alone, units, 1)
    assert await _carry_out(each_database_url, units, 40) == expected
    refusals = {one for one in expected[0] if isinstance(one, type)}
    assert {Refusal, NoSuchMove, NoSuchSession} <= refusals
