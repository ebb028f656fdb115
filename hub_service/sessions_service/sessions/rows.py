"""The tables of sessions: the record, its drives, who owned it, and what searches it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Base, JsonObject, SequenceNumber, UtcDateTime

# Keys of pages are compared byte by byte, whatever the database's own language.
Key = String().with_variant(String(collation="C"), "postgresql")


class SessionRow(Base):
    """A session. Columns from `status` on are derived from the others (see `columns.derive`)."""

    __tablename__ = "sessions"

    # SQLite's search index refers to rows by number; `id` is what everybody else uses.
    seq: Mapped[int] = mapped_column(SequenceNumber, primary_key=True)
    id: Mapped[str] = mapped_column(Key, unique=True)
    server: Mapped[str]
    owner: Mapped[str]
    owner_key: Mapped[str]
    email: Mapped[str | None]
    name: Mapped[str]
    environment: Mapped[str]
    environment_title: Mapped[str]
    image: Mapped[str | None]
    state: Mapped[str]
    wanted: Mapped[str]
    cause: Mapped[str | None]
    ended_by: Mapped[str | None]
    ended_by_kind: Mapped[str | None]
    ended_on_behalf_of: Mapped[str | None]
    generation: Mapped[int]
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(SequenceNumber)
    lines: Mapped[int]
    origin: Mapped[str]
    parent: Mapped[str | None]
    request: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    request_digest: Mapped[str]
    cpu: Mapped[str | None]
    memory: Mapped[str | None]
    drive_id: Mapped[str]
    drive_name: Mapped[str]
    idle_timeout: Mapped[int]
    max_lifetime: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifetime_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_sha256: Mapped[str | None]
    billing_project: Mapped[str | None]
    service_account: Mapped[str | None]
    archived: Mapped[bool]
    hub_removed: Mapped[bool]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JsonObject)
    evidence: Mapped[dict[str, Any]] = mapped_column(JsonObject)

    status: Mapped[str]
    is_live: Mapped[bool]
    in_history: Mapped[bool]
    sort_name: Mapped[str] = mapped_column(Key)
    sort_environment: Mapped[str] = mapped_column(Key)
    sort_drive: Mapped[str] = mapped_column(Key)
    sort_end: Mapped[datetime] = mapped_column(UtcDateTime)
    search: Mapped[str] = mapped_column(Text)


class MountRow(Base):
    """A drive that a session mounts; the home drive is one of them."""

    __tablename__ = "session_drives"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    drive_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    path: Mapped[str]
    read_only: Mapped[bool]
    is_home: Mapped[bool]


class PersonRow(Base):
    """Somebody who owned a session once: what an owner filter looks at."""

    __tablename__ = "people"

    owner_key: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    folded_email: Mapped[str]


class TermRow(Base):
    """One or two letters of searched texts, and in how many sessions they are (see `search`)."""

    __tablename__ = "search_terms"

    term: Mapped[str] = mapped_column(Key, primary_key=True)
    sessions: Mapped[int]


class PostingRow(Base):
    """A session in whose searched text a term occurs that is not common."""

    __tablename__ = "search_postings"
    __table_args__ = {"sqlite_with_rowid": False}

    term: Mapped[str] = mapped_column(Key, primary_key=True)
    seq: Mapped[int] = mapped_column(SequenceNumber, primary_key=True, autoincrement=False)


SESSIONS: Final[Table] = SessionRow.metadata.tables["sessions"]
MOUNTS: Final[Table] = MountRow.metadata.tables["session_drives"]
PEOPLE: Final[Table] = PersonRow.metadata.tables["people"]
TERMS: Final[Table] = TermRow.metadata.tables["search_terms"]
POSTINGS: Final[Table] = PostingRow.metadata.tables["search_postings"]

SORT_COLUMNS: Final = ("sort_name", "sort_environment", "sort_drive", "created_at", "sort_end")
FILTER_COLUMNS: Final = ("status", "environment", "drive_name", "billing_project")
# A person's history with all that filters look at, so that looking through it reads no rows.
# SQLite alone: PostgreSQL limits how long an index's entry may be.
COVERING_INDEX: Final = "ix_history_owner_search"
# Ended sessions of which something may be left at the hub: few, however long the history.
TO_REMOVE_INDEX: Final = "ix_history_to_remove"
_COVERED: Final = ("owner_key", "created_at", "id", *FILTER_COLUMNS, "search")


def _partial(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    """Return an index over the rows of one tab."""
    return Index(
        name,
        *(SESSIONS.c[column] for column in columns),
        unique=unique,
        sqlite_where=text(f"{condition} = 1"),
        postgresql_where=text(condition),
    )


def _make_indexes() -> None:
    for tab, condition in (("active", "is_live"), ("history", "in_history")):
        for column in SORT_COLUMNS:
            _partial(f"ix_{tab}_{column}", condition, column, "id")
            _partial(f"ix_{tab}_owner_{column}", condition, "owner_key", column, "id")
        for column in FILTER_COLUMNS:
            _partial(f"ix_{tab}_{column}", condition, column, "created_at", "id")
    for column in FILTER_COLUMNS:
        name = f"ix_history_owner_{column}"
        _partial(name, "in_history", "owner_key", column, "created_at", "id")
    # A person's server is one live session's at most; what waits for an admission is found by it.
    _partial("uq_live_server", "is_live", "owner_key", "server", unique=True)
    _partial(COVERING_INDEX, "in_history", *_COVERED).ddl_if(dialect="sqlite")
    Index(
        TO_REMOVE_INDEX,
        SESSIONS.c.sort_end,
        sqlite_where=text("in_history = 1 AND hub_removed = 0"),
        postgresql_where=text("in_history AND NOT hub_removed"),
    )
    Index("ix_sessions_revision", SESSIONS.c.revision)
    Index("ix_sessions_token", SESSIONS.c.token_sha256)


_make_indexes()
