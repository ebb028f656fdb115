"""From a row to a session; a row that cannot be read is shown as such, and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from ..db.base import UtcDateTime
from ..db.unreadable import EARLY, UnreadableTime
from ..lifecycle.causes import Cause
from ..lifecycle.table import State
from .models import FIELDS, Session
from .rows import SESSIONS

log = logging.getLogger(__name__)

_STATES: Final[Mapping[Any, State]] = {state.value: state for state in State}
_CAUSES: Final[Mapping[Any, Cause | None]] = {None: None, **{one.value: one for one in Cause}}
_WORDS: Final[Mapping[str, Mapping[Any, Any]]] = {"state": _STATES, "cause": _CAUSES}
_STATE: Final = FIELDS.index("state")
_CAUSE: Final = FIELDS.index("cause")
_REQUEST: Final = FIELDS.index("request")
_IDLE: Final = FIELDS.index("idle_timeout")
_MOST_IDLE: Final = 366 * 86_400
_KIND_OF: Final[Mapping[str, type]] = {
    "state": State,
    "cause": Cause,
    "request": dict,
    "stages": list,
    "evidence": dict,
}
# What stands in for a value that cannot be read.
_STAND_INS: Final[Mapping[type, Any]] = {
    str: "",
    int: 0,
    bool: False,
    dict: {},
    list: [],
    datetime: EARLY,
    State: State.FAILED,
}


def _kinds_of(name: str) -> tuple[type, ...]:
    """Return the types that a field's value can have, the usual one first."""
    column = SESSIONS.c[name]
    of_column = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    kind = _KIND_OF.get(name, of_column)
    return (kind, type(None)) if column.nullable else (kind,)


_KINDS: Final = tuple(map(_kinds_of, FIELDS))


def make_session(values: Sequence[Any]) -> Session:
    """Return the session of a row's values, in the order of `FIELDS`.

    One whose `damage` is set stands for a row that cannot be read: it is shown, and nothing else
    may be done with it. A request that is no JSON object comes out empty.
    """
    given = list(values)
    if type(given[_REQUEST]) is not dict:
        given[_REQUEST] = {}
    try:
        given[_STATE] = _STATES[given[_STATE]]
        given[_CAUSE] = _CAUSES[given[_CAUSE]]
    except (KeyError, TypeError):
        return _quarantine(given)
    if not _fit(tuple(map(type, given))) or given[_IDLE] > _MOST_IDLE:
        return _quarantine(given)
    return Session(*given)


@lru_cache(maxsize=4096)
def _fit(kinds: tuple[type, ...]) -> bool:
    return all(kind in allowed for kind, allowed in zip(kinds, _KINDS, strict=True))


def _quarantine(given: list[Any]) -> Session:
    wrong: list[str] = []
    values: dict[str, Any] = {}
    for name, kept, kinds in zip(FIELDS, given, _KINDS, strict=True):
        value = _WORDS[name].get(str(kept), kept) if name in _WORDS else kept
        if type(value) in kinds and (name != "idle_timeout" or value <= _MOST_IDLE):
            values[name] = value
        else:
            wrong.append(_say(name, value))
            values[name] = None if len(kinds) > 1 else _STAND_INS[kinds[0]]
    # Nothing is done for it, at the hub or by the clock, whatever it was.
    idle = {"state": State.FAILED, "wanted": "stop", "hub_removed": True, "expires_at": None}
    _warn(values["id"], ", ".join(wrong))
    sentence = f"The record of this session cannot be read: {', '.join(wrong)}."
    return Session(**{**values, **idle}, damage=sentence)


def _say(name: str, value: Any) -> str:
    if isinstance(value, UnreadableTime):
        return f"{name} is no time"
    if name in ("state", "cause") and isinstance(value, str):
        return f"this version knows no {name} ‘{value[:40]}’"
    return f"{name} is not what it has to be"


@lru_cache(maxsize=1024)
def _warn(session_id: str, what: str) -> None:
    """Log once a row: lists and the reconciler come by again and again."""
    log.warning("session.unreadable session=%s what=%s", session_id, what)
