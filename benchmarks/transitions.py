"""P20: a whole life of a session in transactions, beside bare UPDATE + INSERT + COMMIT.

`python -m benchmarks.transitions [--rounds 5] [--lives 200] [--postgresql URL]`. Ours lives one
life at a time, and many at once, which share transactions. There are two bare sides; neither
reads, checks or decides anything, or leaves its thread in between, and each commits every time:

- bare: five plain columns of a row and a line of its story, on the same tables, indexes and all;
- same writes: every INSERT and UPDATE of our own life, word for word, so that the row goes through
  the indexes of both tabs and of the search as it does in ours.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from benchmarks.report import Result, show
from sessions_service.db.work import Database
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import CHRONICLE
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions import store
from tests.support.records import counted_commits, make_new

STEPS: tuple[tuple[Event, dict[str, Any]], ...] = (
    (Event.ASKED, {}),
    (Event.ADMITTED, {"token_sha256": "0" * 64, "generation": 1}),
    (Event.READY, {"stages": [{"name": "ready", "at": "2026-11-21T12:00:00Z"}]}),
    (Event.STOP, {"cause": Cause.USER}),
    (Event.ENDED, {}),
)

_BARE_STEPS = 6
_AT_ONCE = (1, 8, 64)


async def live(db: Database, lives: int, at_once: int) -> tuple[float, float]:
    """Return (transitions a second, commits a life) of whole lives, so many at a time."""
    waiting = iter(range(lives))
    with counted_commits(db.engine) as commits:
        began = time.perf_counter()
        await asyncio.gather(*(_live_in_turn(db, f"user-{n}", waiting) for n in range(at_once)))
        spent = time.perf_counter() - began
    return lives * (1 + len(STEPS)) / spent, len(commits) / lives


async def _live_in_turn(db: Database, owner: str, waiting: Iterator[int]) -> None:
    """Live an owner's lives, one after the other."""
    for _ in waiting:
        at = datetime.now(UTC)
        session = await db.write(store.insert, make_new(owner), at=at, actor=owner, limit=10)
        for step, changes in STEPS:
            await db.write(move, session.id, step, at=at, actor=owner, changes=changes)


def bare(db: Database, sessions: list[str]) -> float:
    """Return transactions a second of UPDATE + INSERT + COMMIT in the tables that we write."""
    names = [column.name for column in CHRONICLE.columns]
    values = ", ".join(f":{name}" for name in names)
    insert = text(f"INSERT INTO chronicle ({', '.join(names)}) VALUES ({values})")  # noqa: S608
    update = text(
        "UPDATE sessions SET state = :state, status = :state, version = :n, lines = :n, "
        "revision = :revision WHERE id = :session_id"
    )
    line = dict.fromkeys(names, "anna") | {"at": "2026-11-21 12:00:00.000000", "data": "{}"}
    began = time.perf_counter()
    with db.engine.connect() as connection:
        for number, (n, session) in enumerate(product(range(2, 2 + _BARE_STEPS), sessions)):
            given = {**line, "session_id": session, "n": n}
            state = {"session_id": session, "n": n, "state": f"step {n}"}
            connection.execute(update, {**state, "revision": number})
            connection.execute(insert, given)
            connection.commit()
    return len(sessions) * _BARE_STEPS / (time.perf_counter() - began)


async def new_sessions(db: Database, count: int) -> list[str]:
    """Return the ids of sessions that nothing has happened to yet."""
    at = datetime.now(UTC)
    made = [
        await db.write(store.insert, make_new(), at=at, actor="anna", limit=None)
        for _ in range(count)
    ]
    return [session.id for session in made]


@dataclass
class Life:
    """What a life of ours writes: statements and their values by transaction."""

    session_id: str = ""
    transactions: list[list[tuple[str, Any]]] = field(default_factory=list)

    def replay(self, db: Database, lives: int) -> float:
        """Return transactions a second of the same writes for other sessions."""
        began = time.perf_counter()
        with db.engine.connect() as connection:
            for number in range(lives):
                new = f"s{number:05d}{time.monotonic_ns() % 10**6:06d}"
                for statements in self.transactions:
                    for statement, values in statements:
                        given = _exchange(values, self.session_id, new)
                        connection.exec_driver_sql(statement, given)
                    connection.commit()
        return lives * len(self.transactions) / (time.perf_counter() - began)


def _exchange(values: Any, old: str, new: str) -> Any:
    """Return a statement's values with another session's id, alone or inside a text."""
    if isinstance(values, dict):
        return {name: _exchange(value, old, new) for name, value in values.items()}
    if isinstance(values, tuple):
        return tuple(_exchange(value, old, new) for value in values)
    return values.replace(old, new) if isinstance(values, str) else values


async def record_life(db: Database) -> Life:
    """Live one life and return what it wrote."""
    life = Life()

    def begin(_connection: Any) -> None:
        life.transactions.append([])

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            life.transactions[-1].append((statement, values))

    event.listen(db.engine, "begin", begin)
    event.listen(db.engine, "before_cursor_execute", note)
    await _live_in_turn(db, "anna", iter(range(1)))
    event.remove(db.engine, "before_cursor_execute", note)
    event.remove(db.engine, "begin", begin)
    life.session_id = await db.read(
        lambda read: read.execute(text("SELECT max(session_id) FROM chronicle")).scalar_one()
    )
    return life


async def measure(url: str, rounds: int, lives: int) -> list[Result]:
    """Return the results for one database: each bare side beside each number at once."""
    db = Database(url)
    await db.upgrade()
    await db.acquire("benchmark")
    life = await record_life(db)  # the first and only session: its id is the highest
    stock: dict[str, list[float]] = {"bare": [], "same writes": []}
    ours: dict[int, list[float]] = {at_once: [] for at_once in _AT_ONCE}
    commits: dict[int, float] = {}
    for _ in range(rounds):
        stock["bare"].append(await asyncio.to_thread(bare, db, await new_sessions(db, lives)))
        stock["same writes"].append(await asyncio.to_thread(life.replay, db, lives))
        for at_once in _AT_ONCE:
            rate, commits[at_once] = await live(db, lives, at_once)
            ours[at_once].append(rate)
    await db.close()
    kind = url.partition(":")[0].partition("+")[0]
    return [
        Result(
            "P20",
            f"{kind} transitions, {at_once} at once, {commits[at_once]:.2g} commits a life, "
            f"beside {side}",
            "a second",
            stock[side],
            ours[at_once],
            0.5,
            higher_is_better=True,
        )
        for side in stock
        for at_once in _AT_ONCE
    ]


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lives", type=int, default=200)
    parser.add_argument("--postgresql", help="the address of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / 'benchmark.sqlite'}"]
        urls += [options.postgresql] if options.postgresql else []
        for url in urls:
            show(*asyncio.run(measure(url, options.rounds, options.lives)))


if __name__ == "__main__":
    main()
