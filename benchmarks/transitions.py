"""P20: a whole life of a session in transactions, beside bare UPDATE + INSERT + COMMIT.

`python -m benchmarks.transitions [--rounds 5] [--lives 200] [--postgresql URL]`. The bare side
updates a row and inserts a line of the same two tables, indexes and all, without reading, checking
or deciding anything, and without leaving its thread in between.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.report import Result, show
from sessions_service.db.work import Database
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import CHRONICLE
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions import store
from tests.support.records import make_new

STEPS: tuple[tuple[Event, dict[str, Any]], ...] = (
    (Event.ASKED, {}),
    (Event.ADMITTED, {"token_sha256": "0" * 64, "generation": 1}),
    (Event.READY, {"stages": [{"name": "ready", "at": "2026-11-21T12:00:00Z"}]}),
    (Event.STOP, {"cause": Cause.USER}),
    (Event.ENDED, {}),
)

_BARE_STEPS = 6
_AT_ONCE = 8


async def live(db: Database, lives: int) -> tuple[float, float]:
    """Return (transactions a second, commits a life) of whole lives, some at the same time."""
    began = time.perf_counter()
    waiting = iter(range(lives))
    commits = sum(await asyncio.gather(*(_live_in_turn(db, waiting) for _ in range(_AT_ONCE))))
    return commits / (time.perf_counter() - began), commits / lives


async def _live_in_turn(db: Database, waiting: Iterator[int]) -> int:
    """Live one life after the other; return how many transactions they were."""
    commits = 0
    for _ in waiting:
        at = datetime.now(UTC)
        session = await db.write(store.insert, make_new(), at=at, actor="anna", limit=None)
        for event, changes in STEPS:
            await db.write(move, session.id, event, at=at, actor="anna", changes=changes)
        commits += 1 + len(STEPS)
    return commits


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


async def measure(url: str, rounds: int, lives: int) -> Result:
    """Return the result for one database."""
    db = Database(url)
    await db.upgrade()
    await db.acquire("benchmark")
    stock, ours, commits = [], [], 0.0
    for _ in range(rounds):
        stock.append(await asyncio.to_thread(bare, db, await new_sessions(db, lives)))
        rate, commits = await live(db, lives)
        ours.append(rate)
    await db.close()
    return Result(
        "P20",
        f"{url.partition(':')[0]} transitions, {commits:g} commits a life",
        "a second",
        stock,
        ours,
        0.5,
        higher_is_better=True,
    )


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
            show(asyncio.run(measure(url, options.rounds, options.lives)))


if __name__ == "__main__":
    main()
