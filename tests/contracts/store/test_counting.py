"""What an operation costs does not grow with the rows: counted in statements and in steps."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from benchmarks.data import BIG_OWNER, Size, make_rows, owner_key
from sessions_service.db.engine import Db
from sessions_service.db.work import Database
from sessions_service.drives import store as drives
from sessions_service.idempotency import store as keys
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.move import edit, move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions import listing, store
from sessions_service.sessions.actions import insert_checked
from sessions_service.sessions.listing import list_page
from sessions_service.sessions.models import Session
from sessions_service.sessions.overview import latest_starts
from sessions_service.sessions.query import SORTS, Query
from sessions_service.sessions.rows import SESSIONS, TERMS
from sessions_service.sessions.search import UP_TO
from sessions_spawner.request import LaunchRequest
from tests.support.records import NOON, add, counted_statements, make_new, scratch

FEW, MANY = 10, 10_000
# No list needs more: who is meant, two looks at each filter's index, a scan, a count, the rows.
MOST_OF_A_LIST = 12
_numbers = count()


def _begin(db: Db, _session_id: str) -> object:
    return keys.begin(db, keys.Key("anna", "/", f"key-{next(_numbers)}"), "body", at=NOON)


def _insert(db: Db, _session_id: str) -> object:
    return store.insert(db, make_new(), at=NOON, actor="anna", limit=None)


OPERATIONS: dict[str, Callable[[Db, str], object]] = {
    "get": store.get,
    "find live": lambda db, _id: store.find_live(db, "anna@2026-01-01", "lab"),
    "find by token": lambda db, _id: store.find_by_token_sha(db, "none"),
    "running count": lambda db, _id: store.running_count(db, owner_key(BIG_OWNER)),
    "live": lambda db, _id: store.live(db),
    "unsettled": lambda db, _id: store.unsettled(db),
    "newest revision": lambda db, _id: store.newest_revision(db),
    "changed since": lambda db, _id: store.changed_since(db, MANY + 100),
    "to remove": lambda db, _id: store.to_remove(db),
    "latest starts": lambda db, _id: latest_starts(db),
    "story": read_story,
    "insert": _insert,
    "move": lambda db, one: move(db, one, Event.ASKED, at=NOON, actor="hub"),
    "edit": lambda db, one: edit(db, one, at=NOON, actor="anna", changes={"idle_timeout": 60}),
    "drives": lambda db, _id: drives.listed(db, owner_key(BIG_OWNER)),
    "key": _begin,
}
FILTERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "filter": {"states": ("done",)},
    "search": {"q": "churn"},
    "both": {"q": "a", "environments": ("env-01", "env-02"), "drives": ("default",)},
    "one environment": {"environments": ("env-00",)},
    "one drive": {"drives": ("default",)},
    "nothing": {"q": "qqzzx", "owners": ("anna-00001", "@example")},
}


def _make_lists() -> Iterator[Query]:
    for tab in ("active", "history"):
        for person in (owner_key(BIG_OWNER), None):
            for sort in SORTS:
                for filters in FILTERS.values():
                    yield Query(tab=tab, visible_to=None, owner_key=person, sort=sort, **filters)


@contextmanager
def filled(engine: Engine, rows: int) -> Iterator[Db]:
    """Give a write transaction over so many sessions, undone at the end."""
    with scratch(engine) as db:
        db.execute(SESSIONS.insert(), list(make_rows(Size(rows), random.Random(1))))
        newest = db.execute(select(func.max(SESSIONS.c.seq))).scalar_one()
        db.execute(TERMS.insert(), {"term": UP_TO, "sessions": newest})
        yield db


def _count_each(engine: Engine, rows: int) -> tuple[dict[str, int], list[int]]:
    """Return the statements of each operation and of each list, over so many sessions."""
    with filled(engine, rows) as db:
        session = add(db)
        operations = {}
        for name, operation in OPERATIONS.items():
            with counted_statements(engine) as statements:
                operation(db, session.id)
            operations[name] = len(statements)
        lists = []
        for query in _make_lists():
            with counted_statements(engine) as statements:
                list_page(db, query)
            lists.append(len(statements))
    return operations, lists


def test_statements_do_not_grow_with_the_rows(engine: Engine) -> None:
    few, lists_of_few = _count_each(engine, FEW)
    many, lists_of_many = _count_each(engine, MANY)
    assert many == few
    assert max(lists_of_many) <= MOST_OF_A_LIST
    assert max(lists_of_few) <= MOST_OF_A_LIST


# The lease, the row, its change, the line of its story; the transaction's begin where it is one.
OF_A_MOVE = 5
# The lease, drives, room, row, search, mounts, owner, the first line of its story.
OF_A_START = 9


async def test_a_move_and_a_start_need_few_statements(database: Database) -> None:
    new, request = make_new(), LaunchRequest(environment="python", idle_timeout=900)

    def start(db: Db) -> Session:
        return insert_checked(db, new, request, at=NOON, actor="anna", limit=5)

    await database.write(start)  # the first makes the default drive
    with counted_statements(database.engine) as statements:
        session = await database.write(start)
    assert len(statements) <= OF_A_START, statements
    with counted_statements(database.engine) as statements:
        await database.write(move, session.id, Event.ASKED, at=NOON, actor="hub")
    assert len(statements) <= OF_A_MOVE, statements


def test_a_list_in_an_indexs_order_reads_no_more_rows_of_a_longer_history(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    monkeypatch.setattr(listing, "MOST_COUNTED", 50)
    queries = [one for one in _make_lists() if not one.q and not one.states]
    reads = [partial(list_page, query=query) for query in queries]
    short, long = (_count_steps(engine, rows, reads) for rows in (MANY // 4, MANY))
    for query, before, after in zip(queries, short, long, strict=True):
        assert after <= 1.2 * before + 10, query


def test_what_a_start_of_the_service_reads_does_not_grow_with_history(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite counts its steps")
    reads: list[Callable[[Db], object]] = [latest_starts, store.to_remove]
    reads.append(partial(keys.forget_expired, at=NOON))
    short, long = (_count_steps(engine, rows, reads) for rows in (MANY // 4, MANY))
    for before, after in zip(short, long, strict=True):
        assert after <= 1.2 * before + 1


def _count_steps(engine: Engine, rows: int, reads: Sequence[Callable[[Db], object]]) -> list[int]:
    """Return the hundreds of steps that SQLite makes for each read."""
    with filled(engine, rows) as db:
        driver = db.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        found = []
        for read in reads:
            steps = count()
            driver.set_progress_handler(lambda steps=steps: next(steps) and 0, 100)  # type: ignore[misc]
            read(db)
            found.append(next(steps))
        driver.set_progress_handler(None, 0)
    return found
