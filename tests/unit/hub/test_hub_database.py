"""How the hub keeps its own SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from jupyterhub import orm

from sessions_spawner import hub_line


def make_hub(url: str) -> SimpleNamespace:
    """Make what the hub's database is reached by."""
    return SimpleNamespace(db=orm.new_session_factory(url)())


def journal_of(path: Path) -> str:
    """Return how a SQLite file is kept, as another program sees it."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_a_hub_s_sqlite_file_is_written_ahead_and_each_commit_is_as_safe_as_before(
    tmp_path: Path,
) -> None:
    hub = make_hub(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    hub.db.add(orm.User(name="anna"))
    hub.db.commit()
    before = hub.db.connection().exec_driver_sql("PRAGMA synchronous").scalar()
    hub.db.rollback()

    assert hub_line.write_ahead(hub)

    assert journal_of(tmp_path / "hub.sqlite") == "wal"
    assert orm.User.find(hub.db, "anna") is not None
    assert hub.db.connection().exec_driver_sql("PRAGMA synchronous").scalar() == before == 2
    assert hub.db.connection().exec_driver_sql("PRAGMA busy_timeout").scalar() > 0


def test_a_file_that_is_in_use_stays_as_it_is_and_the_hub_does_not_wait(tmp_path: Path) -> None:
    hub = make_hub(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    with closing(sqlite3.connect(tmp_path / "hub.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert not hub_line.write_ahead(hub)

    assert journal_of(tmp_path / "hub.sqlite") == "delete"
    assert orm.User.find(hub.db, "anna") is None


def test_a_database_in_memory_is_left_alone_with_what_was_not_committed() -> None:
    hub = make_hub("sqlite:///:memory:")
    hub.db.add(orm.User(name="anna"))
    hub.db.flush()

    assert not hub_line.write_ahead(hub)

    assert orm.User.find(hub.db, "anna") is not None
