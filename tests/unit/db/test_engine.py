"""Engines set their databases up the same way each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text

from sessions_service.db.base import UtcDateTime
from sessions_service.db.engine import make_engine


def test_a_sqlite_file_and_its_side_files_are_their_owners_alone(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        files = sorted(path.name for path in tmp_path.iterdir())
        modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    engine.dispose()
    assert files == ["sessions.sqlite", "sessions.sqlite-shm", "sessions.sqlite-wal"]
    assert modes == {0o600}


def test_sqlite_is_set_up_for_one_writer_and_many_readers(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    expected = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 5000}
    with engine.connect() as connection:
        for name, value in expected.items():
            assert connection.execute(text(f"PRAGMA {name}")).scalar_one() == value, name
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="Use a file for SQLite"):
        make_engine(url)


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="not ‘mysql’"):
        make_engine("mysql://somewhere/else")


@pytest.fixture
def times(tmp_path: Path) -> tuple[Table, Path]:
    """Give a table with one time, and where its database is to be."""
    return Table("times", MetaData(), Column("at", UtcDateTime())), tmp_path / "times.sqlite"


def test_a_time_reads_back_in_utc(times: tuple[Table, Path]) -> None:
    table, path = times
    engine = make_engine(f"sqlite:///{path}")
    there = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table).values(at=there))
        (back,) = connection.execute(select(table)).one()
    engine.dispose()
    assert back == there
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(times: tuple[Table, Path]) -> None:
    table, path = times
    engine = make_engine(f"sqlite:///{path}")
    naive = datetime(2026, 7, 1)  # noqa: DTZ001
    with engine.connect() as connection, pytest.raises(Exception, match="without a time zone"):
        connection.execute(insert(table).values(at=naive))
    engine.dispose()
