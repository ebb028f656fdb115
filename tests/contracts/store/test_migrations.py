"""Migrations make the tables that the code declares, go back, and refuse what they do not know."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from sessions_service.db import search_index
from sessions_service.db.engine import make_engine
from sessions_service.db.migrations import UnknownRevision, current_revision, downgrade, upgrade
from sessions_service.db.tables import METADATA
from sessions_service.sessions.rows import COVERING_INDEX
from tests.support.records import add, scratch

HEAD = "0002"


@pytest.fixture
def empty(each_database_url: str) -> Iterator[Engine]:
    """Give the engine of an empty database."""
    engine = make_engine(each_database_url)
    yield engine
    engine.dispose()


def test_the_migrations_make_what_the_rows_declare(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def is_ours(_thing: object, name: str | None, kind: str, *_more: object) -> bool:
    """Leave out what only one kind of database has: its indexes for searches."""
    own = (search_index.SQLITE_TABLE, search_index.POSTGRESQL_INDEX, COVERING_INDEX)
    return not (name or "").startswith(own) or kind not in ("table", "index")


def test_an_upgrade_twice_is_one_upgrade(empty: Engine) -> None:
    upgrade(empty)
    upgrade(empty)
    with empty.connect() as connection:
        assert current_revision(connection) == HEAD


def test_a_downgrade_leaves_nothing_and_the_way_up_is_open_again(empty: Engine) -> None:
    upgrade(empty)
    downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    upgrade(empty)
    with scratch(empty) as db:
        add(db)


def test_a_newer_database_is_refused_in_one_sentence(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-tomorrow'"))
    with pytest.raises(UnknownRevision, match=r"from-tomorrow.*newer version") as refusal:
        upgrade(empty)
    assert "\n" not in str(refusal.value)
    with pytest.raises(UnknownRevision):
        downgrade(empty, "base")
    with empty.connect() as connection:
        assert current_revision(connection) == "from-tomorrow"


def test_a_failing_step_leaves_the_tables_as_they_were(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE lease (name TEXT)"))
    with pytest.raises(Exception, match="lease"):
        upgrade(empty)
    assert inspect(empty).get_table_names() == ["lease"]


def test_the_search_index_is_made(engine: Engine) -> None:
    with engine.connect() as connection:
        assert search_index.exists(connection)


@pytest.mark.postgresql
def test_without_the_extension_the_database_works_and_the_log_says_what_to_do(
    postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA elsewhere"))
        connection.execute(text("CREATE EXTENSION pg_trgm SCHEMA elsewhere"))
    with caplog.at_level(logging.WARNING):
        upgrade(engine)
    assert "CREATE EXTENSION pg_trgm" in caplog.text
    with engine.connect() as connection:
        assert not search_index.exists(connection)
    with engine.begin() as connection:
        connection.execute(text("ALTER EXTENSION pg_trgm SET SCHEMA public"))
    upgrade(engine)
    with engine.connect() as connection:
        assert search_index.exists(connection)
    engine.dispose()
