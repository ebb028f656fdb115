"""Engines: SQLite in WAL mode or PostgreSQL, one for the writer and one for readers."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, FromClause, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, make_url

# What a unit of work gets: the connection of its transaction.
Db: TypeAlias = Connection

BUSY_SECONDS: Final = 5
_SQLITE_CACHE_KIB: Final = 8 * 1024
_CONNECT_SECONDS: Final = 5


def make_engine(url: str | URL, *, connections: int = 1, read_only: bool = False) -> Engine:
    """Return an engine with a fixed number of connections.

    Transactions of a writing engine take SQLite's write lock when they begin (`BEGIN IMMEDIATE`):
    a lock that is asked for later can be refused at once. Raises `ValueError` for other databases.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _make_sqlite(parsed, connections, read_only)
    if backend == "postgresql":
        return _make_postgresql(parsed, connections, read_only)
    raise ValueError(f"Use a SQLite or PostgreSQL address for the database, not ‘{backend}’.")


def _make_sqlite(url: URL, connections: int, read_only: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("Use a file for SQLite: a database in memory has one connection only.")
    _make_private(Path(url.database))
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        # Its errors go into logs: no value of a row is in them.
        hide_parameters=True,
    )
    engine.dialect.statement_compiler = _HintedCompiler
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # Python's driver shall not begin transactions by itself.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_SQLITE_CACHE_KIB}")
        connection.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _HintedCompiler(SQLiteCompiler):
    """Writes hints (`INDEXED BY …`), which SQLAlchemy's own compiler for SQLite leaves out."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002
        return text


def _make_private(path: Path) -> None:
    """Make the file for its owner only; SQLite's side files take its mode."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _make_postgresql(url: URL, connections: int, read_only: bool) -> Engine:
    settings = {
        "timezone": "UTC",
        "lock_timeout": f"{BUSY_SECONDS}s",
        # A reader's statements see one moment: a page and its total belong together.
        "default_transaction_isolation": r"repeatable\ read" if read_only else r"read\ committed",
        "default_transaction_read_only": "on" if read_only else "off",
    }
    if read_only:
        # Owners differ by a factor of thousands: a plan made for all of them fits none.
        settings |= {"plan_cache_mode": "force_custom_plan", "jit": "off"}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "jupyterhub-sessions",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        from .postgresql_times import TimeLoader

        connection.adapters.register_loader("timestamptz", TimeLoader)

    return engine
