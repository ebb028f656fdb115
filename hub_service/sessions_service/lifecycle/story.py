"""Say the lines of a chronicle in plain sentences, at reading time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .causes import Cause
from .chronicle import Line

_SENTENCES: Final = {
    "created": "{who} asked for it.",
    "asked": "The hub was asked to start it.",
    "admitted": "The hub began to start it.",
    "ready": "It was ready.",
    "stop": "{who} stopped it{reason}.",
    "archive": "{who} archived it.",
    "restore": "{who} restored it.",
    "extended": "{who} kept it running until {until}.",
}
# Who acts without being a person; a person's name is said as it is written.
_PARTS: Final = {
    "clock": "The idle clock",
    "hub": "The hub",
    "reconciler": "The reconciler",
    "service": "The service",
    "session": "The session",
}
_BY_ITSELF: Final = {
    Cause.IDLE: "Nobody used it, so it was stopped.",
    Cause.LIFETIME: "It reached its longest life and was stopped.",
    Cause.SHUTDOWN: "The hub was stopped and took it along.",
}


def say_line(line: Line, viewer: str) -> str:
    """Return the sentence of one line for whoever reads it."""
    who = "You" if line.actor == viewer else _PARTS.get(line.actor, line.actor)
    cause = line.data.get("cause")
    if line.event == "stop" and cause in _BY_ITSELF:
        return _BY_ITSELF[Cause(cause)]
    if line.event in ("ended", "broke"):
        return f"It ended ({cause})." if cause else "It ended."
    if line.event == "edited":
        return _say_edit(who, line.data)
    reason = line.data.get("reason")
    template = _SENTENCES.get(line.event, "{who}: {event}.")
    return template.format(
        who=who,
        event=line.event,
        reason=f": ‘{reason}’" if reason else "",
        until=line.data.get("until", ""),
    )


def _say_edit(who: str, data: Mapping[str, Any]) -> str:
    parts = []
    if "name" in data:
        parts.append(f"renamed it to ‘{data['name']}’")
    if "idle_timeout" in data:
        seconds = data["idle_timeout"]
        parts.append(f"set the idle timeout to {'never' if seconds == -1 else f'{seconds} s'}")
    return f"{who} {' and '.join(parts)}." if parts else f"{who} changed it."
