"""Say the lines of a chronicle in plain sentences, at reading time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .actors import is_same, say_who
from .causes import CAUSES, Cause
from .chronicle import Line
from .moments import read_time, say_time, time_to_json

_SENTENCES: Final = {
    "created": "{who} asked for this session.",
    "asked": "The hub was asked to start it.",
    "admitted": "The hub began to start it.",
    "ready": "It was ready.",
    "stop": "{who} stopped it{reason}.",
    "archive": "{who} archived it.",
    "restore": "{who} restored it.",
    "recovered": "Its record was lost, and made anew from the running session.",
    "extended": "{who} kept it running until {until}.",
}
_BY_ITSELF: Final = {
    Cause.IDLE: "Nobody used it, so it was stopped.",
    Cause.LIFETIME: "It reached its longest life and was stopped.",
    Cause.SHUTDOWN: "The hub was stopped and took it along.",
}
# What a line before has said is not said again.
_ENDS: Final = {
    **dict.fromkeys((Cause.USER, Cause.ADMIN, *_BY_ITSELF), "It ended."),
    Cause.EXITED: "The program inside ended by itself.",
    Cause.CRASHED: "The program inside crashed.",
}


def say_line(line: Line, viewer: str) -> str:
    """Return the sentence of one line for whoever reads it, an actor too."""
    who = "You" if is_same(line.actor, viewer) else say_who(line.actor)
    cause = line.data.get("cause")
    if line.event == "stop" and str(cause) in _BY_ITSELF:
        return _BY_ITSELF[Cause(str(cause))]
    if line.event in ("ended", "broke"):
        return _say_end(cause)
    if line.event == "edited":
        return _say_edit(who, line.data)
    reason = line.data.get("reason")
    template = _SENTENCES.get(line.event, "{who}: {event}.")
    return template.format(
        who=who,
        event=line.event,
        reason=f": ‘{reason}’" if reason else "",
        until=_say_until(line.data),
    )


def times_of(line: Line) -> list[dict[str, str]]:
    """Return the times in a line's sentence: `{text, at}`, as text is there and as ISO 8601."""
    until = read_time(line.data.get("until")) if line.event == "extended" else None
    return [] if until is None else [time_to_json(_say_until(line.data), until)]


def _say_until(data: Mapping[str, Any]) -> str:
    until = read_time(data.get("until"))
    return str(data.get("until", "")) if until is None else say_time(until)


def _say_end(cause: object) -> str:
    if not isinstance(cause, str) or cause not in set(Cause):
        return "It ended."
    return _ENDS.get(Cause(cause)) or f"It ended: {CAUSES[Cause(cause)].short}."


def _say_edit(who: str, data: Mapping[str, Any]) -> str:
    parts = []
    if "name" in data:
        parts.append(f"renamed it to ‘{data['name']}’")
    if "idle_timeout" in data:
        seconds = data["idle_timeout"]
        parts.append(f"set the idle timeout to {'never' if seconds == -1 else f'{seconds} s'}")
    return f"{who} {' and '.join(parts)}." if parts else f"{who} changed it."
