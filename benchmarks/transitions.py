"""P20: a whole life of a session in transactions, beside bare UPDATE + INSERT + COMMIT.

`python -m benchmarks.transitions [--rounds 5] [--lives 200] [--postgresql URL]`. The bare side
writes the same number of transactions to two plain tables of the same database, synchronously and
in the same kind of thread.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.report import Result, show
from sessions_service.db.work import Database
from sessions_service.lifecycle.causes import Cause
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


async def live(db: Database, lives: int) -> tuple[float, float]:
    """Return (transactions a second, commits a life) of whole lives through our own store."""
    commits = 0
    began = time.perf_counter()
    for _ in range(lives):
        at = datetime.now(UTC)
        session = await db.write(store.insert, make_new(), at=at, actor="anna", limit=None)
        commits += 1
        for event, changes in STEPS:
            await db.write(move, session.id, event, at=at, actor="anna", changes=changes)
            commits += 1
    return commits / (time.perf_counter() - began), commits / lives


def bare(db: Database, transactions: int) -> float:
    """Return transactions a second of UPDATE + INSERT + COMMIT on the same database."""
    began = time.perf_counter()
    with db.engine.connect() as connection:
        for number in range(transactions):
            values = {"n": number, "text": f"line {number}"}
            connection.execute(text("UPDATE bare_rows SET n = :n WHERE id = 1"), values)
            connection.execute(text("INSERT INTO bare_lines (n, body) VALUES (:n, :text)"), values)
            connection.commit()
    return transactions / (time.perf_counter() - began)


async def measure(url: str, rounds: int, lives: int) -> Result:
    """Return the result for one database."""
    db = Database(url)
    await db.upgrade()
    await db.acquire("benchmark")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bare_rows (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("CREATE TABLE bare_lines (n INTEGER, body TEXT)"))
        connection.execute(text("INSERT INTO bare_rows VALUES (1, 0)"))
    stock, ours, commits = [], [], 0.0
    for _ in range(rounds):
        stock.append(await asyncio.to_thread(bare, db, lives * 6))
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
