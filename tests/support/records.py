"""Builders of records, and databases to keep them in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event

from sessions_service.db.changes import Changes, attach
from sessions_service.db.engine import Db
from sessions_service.drives.models import DEFAULT_NAME, Drive
from sessions_service.drives.store import resolve_or_default
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import Event
from sessions_service.sessions import store
from sessions_service.sessions.models import NewSession, Session

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(seconds=seconds)


def default_of(db: Db, owner_key: str) -> Drive:
    """Return an owner's default drive, made on first use."""
    owner = owner_key.partition("@")[0]
    return resolve_or_default(db, owner_key, owner, (), at=NOON)[DEFAULT_NAME]


def make_new(owner: str = "anna", **different: Any) -> NewSession:
    """Return what a session of an owner is made from."""
    new = NewSession(
        owner=owner,
        owner_key=f"{owner}@2026-01-01",
        email=f"{owner}@example.org",
        name="calm-heron-42",
        request={"version": 1, "environment": "python"},
        request_digest="0" * 64,
        environment="python",
        environment_title="Python 3.12",
        image=None,
        idle_timeout=900,
        drive_id="ddefault",
        drive_name="default",
    )
    return replace(new, **different)


def add(db: Db, /, owner: str = "anna", *, at: datetime = NOON, **different: Any) -> Session:
    """Store a session and return it."""
    new = make_new(owner, **different)
    return store.insert(db, new, at=at, actor=owner, limit=None)


def run(db: Db, session: Session, *, at: datetime = NOON) -> Session:
    """Move a session from `created` to `running`."""
    for step in (Event.ASKED, Event.ADMITTED, Event.READY):
        session = move(db, session.id, step, at=at, actor="hub")
    return session


def add_running(db: Db, number: int) -> list[Session]:
    """Store as many sessions of one owner and move them to `running`."""
    return [run(db, add(db, server=f"n{one}")) for one in range(number)]


def end(db: Db, session: Session, cause: Cause = Cause.USER, *, at: datetime = NOON) -> Session:
    """End a live session with a cause."""
    return move(db, session.id, Event.ENDED, at=at, actor="hub", changes={"cause": cause})


@contextmanager
def scratch(engine: Engine) -> Iterator[Db]:
    """Give a write transaction that is undone at the end."""
    with engine.connect() as db:
        attach(db, Changes(0))
        yield db
        db.rollback()


def begin_next(db: Db) -> None:
    """Have the changes from here on get revisions as in a transaction of their own."""
    attach(db, Changes(store.newest_revision(db)))


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """Give the list of the statements that the engine executes meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_commits(engine: Engine) -> Iterator[list[None]]:
    """Give a list that grows by one with every commit of the engine meanwhile."""
    commits: list[None] = []

    def note(_connection: Any) -> None:
        commits.append(None)

    event.listen(engine, "commit", note)
    try:
        yield commits
    finally:
        event.remove(engine, "commit", note)
