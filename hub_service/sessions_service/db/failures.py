"""What the database's own errors mean for whoever asked."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

_SQLITE_TRANSIENT: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# Classes of PostgreSQL's SQLSTATE: connection, rollback (deadlock), resources, shutdown, system.
_POSTGRESQL_TRANSIENT: Final = ("08", "40", "55P03", "57P")
_POSTGRESQL_AWAY: Final = ("25006", "53", "58")


class DatabaseBusy(Exception):
    """The database does not take this now; nothing was written."""


class CommitUnknown(DatabaseBusy):
    """The connection was lost while the commit was under way: read, before asking again."""


class LeaseLost(Exception):
    """Another service holds the lease: this one must stop acting."""


class LeaseHeld(Exception):
    """Another service holds the lease and is alive; `seconds` until its lease runs out."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Another service holds the database for up to {seconds:.0f} s more.")
        self.seconds = seconds


def is_transient(error: DBAPIError) -> bool:
    """Tell whether the same transaction may succeed in a moment."""
    if error.connection_invalidated:
        return True
    code = _sqlite_code(error)
    if code is not None:
        return code in _SQLITE_TRANSIENT
    return _has_state(error, _POSTGRESQL_TRANSIENT) or _is_lost_connection(error)


def is_away(error: DBAPIError) -> bool:
    """Tell whether the database, not the statement, is the reason: full, read-only, broken."""
    code = _sqlite_code(error)
    if code is not None:
        return code in _SQLITE_AWAY
    return _has_state(error, _POSTGRESQL_AWAY)


def _sqlite_code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code (the low byte of an extended one)."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def _has_state(error: DBAPIError, prefixes: tuple[str, ...]) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(state, str) and state.startswith(prefixes)


def _is_lost_connection(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL never answered: such an error of psycopg carries no SQLSTATE."""
    names = {kind.__name__ for kind in type(error.orig).__mro__}
    return "OperationalError" in names and getattr(error.orig, "sqlstate", "") is None
