"""What all tables share: the declarative base and the column types for times and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from .unreadable import NO_JSON, UnreadableTime, read_time

# Names are fixed by convention, so that every migration can name what it changes.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware UTC time, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the time as the database keeps it; a naive time is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the time with its time zone."""
        if value is None or isinstance(value, UnreadableTime):
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """Return what makes a time of what the database keeps; SQLite keeps a text."""
        return read_time if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class _Json(TypeDecorator[Any]):
    """JSON that is read whatever it is: SQLite keeps any text, PostgreSQL looks at it first."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes data of what the database keeps."""
        return (
            _read_json if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )


def _read_json(kept: Any) -> Any:
    if kept is None:
        return None
    try:
        return orjson.loads(kept)
    except (ValueError, TypeError):
        return _read_any_json(kept)


def _read_any_json(kept: Any) -> Any:
    """Return also what orjson refuses: half a surrogate pair."""
    try:
        return json.loads(kept)
    except (ValueError, TypeError, RecursionError):
        return NO_JSON


# JSON is kept as text: nothing inside is ever asked for by the database, and text keeps every
# character that JSON has.
JsonObject = _Json(none_as_null=True)
# SQLite makes only an INTEGER primary key an alias of the row's number.
SequenceNumber = BigInteger().with_variant(Integer(), "sqlite")
