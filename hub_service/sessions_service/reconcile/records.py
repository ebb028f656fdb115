"""What has to hold among the records themselves, by reading them alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from ..db.engine import Db
from ..idempotency.rows import KEYS
from ..lifecycle.causes import state_of_end
from ..lifecycle.chronicle import CHRONICLE
from ..lifecycle.table import COUNTED, ENDED, MOVES, PENDING, Event, State
from ..sessions import store
from ..sessions.models import Session
from ..sessions.overview import unreadable
from ..sessions.rows import SESSIONS
from .finding import Finding

_LATEST: Final = 500
_ENDS: Final = (State.STOPPED, State.FAILED)
# Longer than any start timeout that is in use.
_PENDING_AT_MOST: Final = timedelta(hours=1)
Step = tuple[str, Mapping[str, Any]]


def check_records(db: Db, now: datetime) -> list[Finding]:
    """Return what is wrong with the live rows and the latest ended ones."""
    live = store.live(db)
    ended = latest_ended(db)
    return [
        *_check_live(live, now),
        *_check_ends(ended, now),
        *_check_stories(db, [*live, *ended]),
        *_check_keys(db),
        *(Finding("I4", f"{one.id}: {one.damage}") for one in unreadable(db)),
    ]


def latest_ended(db: Db) -> list[Session]:
    """Return the sessions that ended last."""
    rows = db.execute(
        select(SESSIONS.c.id)
        .where(SESSIONS.c.in_history)
        .order_by(SESSIONS.c.sort_end.desc())
        .limit(_LATEST)
    ).scalars()
    return [one for one in store.get_many(db, rows) if one.state in ENDED]


def _check_live(live: Sequence[Session], now: datetime) -> Iterable[Finding]:
    for one in live:
        if one.wanted == "stop" and one.state in COUNTED:
            yield Finding("I8", f"{one.id} is {one.state} although it was stopped.")
        asked = one.started_at or one.created_at
        if one.state in PENDING and now - asked > _PENDING_AT_MOST:
            yield Finding("I2", f"{one.id} has been {one.state} for more than an hour.")
    runs = Counter((one.owner_key, one.server) for one in live)
    for (owner, server), number in runs.items():
        if number > 1:
            yield Finding("I5", f"{number} live sessions have the server ‘{server}’ of {owner}.")


def _check_ends(ended: Iterable[Session], now: datetime) -> Iterable[Finding]:
    for one in ended:
        if one.ended_at is None or one.cause is None or one.ended_by is None:
            yield Finding("I4", f"{one.id} has ended without time, cause or actor.")
        elif one.state not in (state_of_end(one.cause), State.ARCHIVED):
            yield Finding("I4", f"{one.id} is {one.state} with the cause {one.cause}.")
        if one.ended_at is not None and not one.created_at <= one.ended_at <= now:
            yield Finding("I7", f"{one.id} ended before it was asked for, or in the future.")


def _check_stories(db: Db, sessions: Collection[Session]) -> Iterable[Finding]:
    stories = _read_stories(db, [one.id for one in sessions])
    for session in sessions:
        lines = stories[session.id]
        if [n for n, _ in lines] != list(range(1, session.lines + 1)):
            yield Finding("I5", f"The story of {session.id} has a gap.")
        elif wrong := check_steps([step for _, step in lines], session.state):
            invariant, what = wrong
            yield Finding(invariant, f"The story of {session.id} {what}")
    orphans = select(func.count()).where(~CHRONICLE.c.session_id.in_(select(SESSIONS.c.id)))
    if db.execute(orphans).scalar_one():
        yield Finding("I3", "There are lines of a story without a session.")


def _read_stories(db: Db, ids: Sequence[str]) -> Mapping[str, list[tuple[int, Step]]]:
    line = CHRONICLE.c
    found: defaultdict[str, list[tuple[int, Step]]] = defaultdict(list)
    for begin in range(0, len(ids), _LATEST):
        query = select(line.session_id, line.n, line.event, line.data)
        query = query.where(line.session_id.in_(ids[begin : begin + _LATEST]))
        for session_id, n, event, data in db.execute(query.order_by(line.session_id, line.n)):
            found[session_id].append((n, (event, data)))
    return found


def check_steps(steps: Iterable[Step], state: State) -> tuple[str, str] | None:
    """Return the invariant and a sentence for a story that does not follow the table of moves.

    `state` is where the record stands, which is where its story has to end.
    """
    told: str = State.CREATED
    for event, data in steps:
        if event not in set(Event):
            continue  # an edit, or the beginning
        was, told = told, str(data.get("state"))
        if not _is_move(was, Event(event), told):
            invariant = "I8" if was == State.STOPPING else "I6"
            return invariant, f"has the move ‘{event}’ from {was} to {told}, which is none."
    if told != state:
        return "I6", f"ends with {told}, and its record says {state}."
    return None


def _is_move(was: str, event: Event, told: str) -> bool:
    if event is Event.RESTORE:
        return was == State.ARCHIVED and told in _ENDS
    if was not in set(State) or (State(was), event) not in MOVES:
        return False
    # Whether an end has failed is its cause's to say.
    return told in (_ENDS if event in (Event.ENDED, Event.BROKE) else (MOVES[State(was), event],))


def _check_keys(db: Db) -> Iterable[Finding]:
    """A request that is sent again is answered with a session that there is."""
    query = select(KEYS.c.route, KEYS.c.answer).where(
        KEYS.c.status == 201, KEYS.c.route.like("%/sessions"), KEYS.c.answer.like("{%")
    )
    answered = {
        str(json.loads(answer).get("id"))
        for _, answer in db.execute(query.order_by(KEYS.c.created_at.desc()).limit(_LATEST))
    }
    known = set(db.execute(select(SESSIONS.c.id).where(SESSIONS.c.id.in_(answered))).scalars())
    for session_id in sorted(answered - known):
        yield Finding("I12", f"A kept answer names the session {session_id}, which there is not.")
