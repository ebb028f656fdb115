"""The invariants that hold at rest (reliability 5.1), as one function for tests and `doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from sessions_spawner.local import notes

from ..lifecycle.causes import state_of_end
from ..lifecycle.chronicle import CHRONICLE, read_story
from ..lifecycle.table import COUNTED, ENDED, State
from ..sessions import store
from ..sessions.models import Session
from ..sessions.rows import SESSIONS

_LATEST = 500


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree, by the invariant's number."""

    invariant: str
    sentence: str


def check_records(db: Db, now: datetime) -> list[Finding]:
    """Return what is wrong among the records themselves: live rows and the latest ended ones."""
    live = store.live(db)
    ended = latest_ended(db)
    found = [
        Finding("I4", f"{one.id} has ended without time, cause or actor.")
        for one in ended
        if one.ended_at is None or one.cause is None or one.ended_by is None
    ]
    found += [
        Finding("I4", f"{one.id} is {one.state} with the cause {one.cause}.")
        for one in ended
        if one.cause and one.state not in (state_of_end(one.cause), State.ARCHIVED)
    ]
    found += [
        Finding("I2", f"{one.id} is {one.state} and is wanted to stop.")
        for one in live
        if one.wanted == "stop" and one.state in COUNTED
    ]
    return [*found, *_check_times(ended, now), *_check_stories(db, [*live, *ended])]


def latest_ended(db: Db) -> list[Session]:
    """Return the sessions that ended last."""
    rows = db.execute(
        select(SESSIONS.c.id)
        .where(SESSIONS.c.in_history)
        .order_by(SESSIONS.c.sort_end.desc())
        .limit(_LATEST)
    ).scalars()
    return [one for one in store.get_many(db, rows) if one.state in ENDED]


def check_processes(db: Db, folder: Path) -> list[Finding]:
    """Return what is wrong between records and the processes of this machine (I1, I2)."""
    live = {f"{one.id}:{one.generation}": one for one in store.live(db)}
    running = {note.key for note in notes.read_all(folder) if note.is_alive() and not note.ended}
    found = [
        Finding("I1", f"A process runs for {key}, which is no live session's run.")
        for key in sorted(running - set(live))
    ]
    found += [
        Finding("I2", f"{one.id} is running without a process.")
        for key, one in live.items()
        if one.state is State.RUNNING and key not in running
    ]
    return found


def _check_times(ended: Iterable[Session], now: datetime) -> list[Finding]:
    return [
        Finding("I7", f"{one.id} ended before it was asked for, or in the future.")
        for one in ended
        if one.ended_at is not None and not one.created_at <= one.ended_at <= now
    ]


def _check_stories(db: Db, sessions: Iterable[Session]) -> list[Finding]:
    found = []
    for session in sessions:
        numbers = [line.n for line in read_story(db, session.id)]
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(Finding("I5", f"The story of {session.id} has a gap."))
    orphans = select(func.count()).where(~CHRONICLE.c.session_id.in_(select(SESSIONS.c.id)))
    if db.execute(orphans).scalar_one():
        found.append(Finding("I3", "There are lines of a story without a session."))
    return found
