"""The one door through which a session changes: a move along the table, or an edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ..db.engine import Db
from ..drives.store import note_end_of_use
from ..sessions.models import Session
from ..sessions.store import NoSuchSession, StaleVersion, need, save
from .actors import kind_of
from .causes import Cause, state_of_end
from .chronicle import Line, write_line
from .table import Event, NoSuchMove, State, after

__all__ = ["NoSuchMove", "NoSuchSession", "StaleVersion", "edit", "move", "tell"]

_ENDS: Final = (Event.ENDED, Event.BROKE)


def move(
    db: Db,
    session_id: str,
    event: Event,
    *,
    at: datetime,
    actor: str,
    on_behalf_of: str | None = None,
    seen_version: int | None = None,
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Session:
    """Move a session along the table and write the line of its story, in one transaction.

    `changes` are other columns of the session, the `cause` of a stop or end among them: an end
    needs one, a stop without one has `user`. The cause decides whether an end is `stopped` or
    `failed`. `data` goes into the story. Raises `NoSuchMove`, `NoSuchSession`, `StaleVersion`,
    `ValueError` for an end without a cause.
    """
    session = _need(db, session_id, seen_version)
    changed = dict(changes or {})
    to = _state_after(session, event)
    if event is Event.STOP:
        changed = {**_make_stop(actor, on_behalf_of), **changed}
    elif event in _ENDS:
        changed = {**_make_end(session, actor, on_behalf_of, at), **changed}
        if changed["cause"] is None:
            raise ValueError("A session's end needs a cause.")
        to = state_of_end(Cause(changed["cause"]))
    else:
        changed = {**_times(session, event, at), **changed}
    if changed.get("ended_by") is not None:
        changed["ended_by_kind"] = kind_of(changed["ended_by"])
    changed |= {"state": to, "lines": session.lines + 1}
    moved = save(db, session, changed)
    if event in _ENDS:
        note_end_of_use(db, session_id, at=at)
    told = {"state": to, **(data or {})}
    if moved.cause is not None and event in (Event.STOP, *_ENDS):
        told.setdefault("cause", moved.cause)
    write_line(db, session_id, Line(moved.lines, at, actor, on_behalf_of, event, told))
    return moved


def edit(
    db: Db,
    session_id: str,
    *,
    at: datetime,
    actor: str,
    changes: Mapping[str, Any],
    event: str = "edited",
    on_behalf_of: str | None = None,
    seen_version: int | None = None,
    data: Mapping[str, Any] | None = None,
    is_told: bool = True,
) -> Session:
    """Change columns of a session (name, idle_timeout, extended_until) without a move.

    The story gets a line with `event` and `data` (what was changed, by default). What is not
    told, such as the last use, counts no version up. Raises `NoSuchSession`, `StaleVersion`,
    `ValueError` for columns that only a move may change.
    """
    if not _MOVED.isdisjoint(changes):
        raise ValueError(f"Only a move changes {', '.join(sorted(_MOVED & set(changes)))}.")
    session = _need(db, session_id, seen_version)
    if not is_told:
        return save(db, session, changes, is_edit=False)
    edited = save(db, session, {**changes, "lines": session.lines + 1})
    told = _plain(changes) if data is None else data
    write_line(db, session_id, Line(edited.lines, at, actor, on_behalf_of, event, told))
    return edited


def tell(
    db: Db, session_id: str, event: str, *, at: datetime, actor: str, data: Mapping[str, Any]
) -> Session:
    """Write a line of a session's story that changes nothing of the session, its version neither.

    Raises `NoSuchSession`.
    """
    session = need(db, session_id)
    told = save(db, session, {"lines": session.lines + 1}, is_edit=False)
    write_line(db, session_id, Line(told.lines, at, actor, None, event, data))
    return told


_MOVED: Final = frozenset({"state", "wanted", "cause", "ended_at", "archived", "lines"})


def _need(db: Db, session_id: str, seen_version: int | None) -> Session:
    session = need(db, session_id)
    if seen_version is not None and seen_version != session.version:
        raise StaleVersion(session_id, session.version)
    return session


def _state_after(session: Session, event: Event) -> State:
    """Return the state after an event; where a session goes back to, only its cause tells."""
    if event is Event.RESTORE and session.state is State.ARCHIVED and session.cause is not None:
        return state_of_end(session.cause)
    return after(session.state, event)


def _make_stop(actor: str, on_behalf_of: str | None) -> dict[str, Any]:
    return {
        "wanted": "stop",
        "cause": Cause.USER,
        "ended_by": actor,
        "ended_on_behalf_of": on_behalf_of,
        "expires_at": None,
    }


def _make_end(
    session: Session, actor: str, on_behalf_of: str | None, at: datetime
) -> dict[str, Any]:
    is_asked = session.ended_by is not None
    return {
        "wanted": "stop",
        "cause": session.cause,
        "ended_by": session.ender if is_asked else actor,
        "ended_on_behalf_of": session.ended_on_behalf_of if is_asked else on_behalf_of,
        "ended_at": at,
        "expires_at": None,
    }


def _times(session: Session, event: Event, at: datetime) -> dict[str, Any]:
    match event:
        case Event.ASKED | Event.ADMITTED:
            return {"started_at": session.started_at or at}
        case Event.READY:
            return {"ready_at": at}
        case Event.ARCHIVE | Event.RESTORE:
            return {"archived": event is Event.ARCHIVE}
        case _:
            return {}


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in changes.items()
    }
