"""The index of three letters over searched texts: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

# SQLite: a table beside `sessions`, kept by triggers. Only which rows hold three letters is
# indexed (`detail=none`), so a hit is checked against the text itself.
SQLITE_TABLE: Final = "session_search"
_SQLITE: Final = (
    """CREATE VIRTUAL TABLE session_search USING fts5(
      search, content='sessions', content_rowid='seq', detail=none, columnsize=0,
      tokenize='trigram case_sensitive 1'
    )""",
    "INSERT INTO session_search(session_search) VALUES ('rebuild')",
    """CREATE TRIGGER session_search_insert AFTER INSERT ON sessions BEGIN
      INSERT INTO session_search(rowid, search) VALUES (new.seq, new.search);
    END""",
    """CREATE TRIGGER session_search_delete AFTER DELETE ON sessions BEGIN
      INSERT INTO session_search(session_search, rowid, search)
        VALUES ('delete', old.seq, old.search);
    END""",
    """CREATE TRIGGER session_search_update AFTER UPDATE OF search ON sessions BEGIN
      INSERT INTO session_search(session_search, rowid, search)
        VALUES ('delete', old.seq, old.search);
      INSERT INTO session_search(rowid, search) VALUES (new.seq, new.search);
    END""",
)
_SQLITE_DROP: Final = (
    "DROP TRIGGER IF EXISTS session_search_insert",
    "DROP TRIGGER IF EXISTS session_search_delete",
    "DROP TRIGGER IF EXISTS session_search_update",
    "DROP TABLE IF EXISTS session_search",
)
# PostgreSQL: over history only, so that the moves of a live session do not touch it.
POSTGRESQL_INDEX: Final = "ix_history_search_trgm"
_POSTGRESQL: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """CREATE INDEX ix_history_search_trgm ON sessions USING gin (search gin_trgm_ops)
      WHERE in_history""",
)
_POSTGRESQL_DROP: Final = ("DROP INDEX IF EXISTS ix_history_search_trgm",)


def ensure(connection: Connection) -> bool:
    """Make the index if it is not there; tell whether it is.

    Without it searches are right and slow: the reason is logged with what to change.
    """
    if exists(connection):
        return True
    is_sqlite = connection.dialect.name == "sqlite"
    try:
        with connection.begin_nested():
            for statement in _SQLITE if is_sqlite else _POSTGRESQL:
                connection.execute(text(statement))
    except DBAPIError as error:
        advice = (
            "use SQLite 3.34 or newer with FTS5"
            if is_sqlite
            else "have the database's administrator run CREATE EXTENSION pg_trgm, then restart"
        )
        log.warning("search.index_missing searches=slow advice=%r error=%s", advice, error.orig)
        return False
    return True


def drop(connection: Connection) -> None:
    """Remove the index, as a downgrade must."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE_DROP if is_sqlite else _POSTGRESQL_DROP:
        connection.execute(text(statement))


def exists(connection: Connection) -> bool:
    """Tell whether the index is there."""
    if connection.dialect.name == "sqlite":
        query, name = "SELECT 1 FROM sqlite_master WHERE name = :name", SQLITE_TABLE
    else:
        query = "SELECT 1 WHERE to_regclass(:name) IS NOT NULL"
        name = POSTGRESQL_INDEX
    return connection.execute(text(query), {"name": name}).first() is not None
