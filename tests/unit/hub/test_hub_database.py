"""How the hub keeps its own SQLite file, and what it is asked for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from jupyterhub import orm
from jupyterhub.user import UserDict
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

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


def statements_of(hub: SimpleNamespace) -> list[str]:
    """Return a list that takes each statement sent to the hub's database from now on."""
    sent: list[str] = []
    event.listen(
        hub.db.get_bind(), "before_cursor_execute", lambda _c, _cursor, text, *_: sent.append(text)
    )
    return sent


def test_a_file_is_not_asked_whether_it_is_still_there(tmp_path: Path) -> None:
    hub = make_hub(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    sent = statements_of(hub)

    assert hub_line.without_pings(hub)
    hub.db.add(orm.User(name="anna"))
    hub.db.commit()
    hub.db.commit()

    assert [text.split()[0] for text in sent] == ["INSERT"]
    assert not hub_line.without_pings(hub)  # done already


def test_a_database_behind_a_connection_is_asked_as_before() -> None:
    engine = create_engine("postgresql+psycopg://nobody@localhost/nothing")
    orm.register_ping_connection(engine)

    assert not hub_line.without_pings(SimpleNamespace(db=Session(engine)))

    assert len(list(engine.dispatch.engine_connect)) == 1


def test_a_user_whom_the_hub_has_in_memory_is_found_with_one_statement(tmp_path: Path) -> None:
    hub = make_hub(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    hub.users = UserDict(lambda: hub.db, {})
    hub_line.without_pings(hub)
    for name in ("anna", "bert"):
        hub.db.add(orm.User(name=name))
    hub.db.commit()
    anna = hub.users["anna"]
    sent = statements_of(hub)

    assert hub_line.user_called(hub, "anna") is anna
    assert len(sent) == 1

    bert = hub_line.user_called(hub, "bert")
    assert bert is not None
    assert bert.name == "bert"
    assert hub_line.user_called(hub, "nobody") is None
    hub.users.delete(anna)
    assert hub_line.user_called(hub, "anna") is None
