"""Say the lines of a chronicle in plain sentences, at reading time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sessions_spawner.durations import say_limit

from .actors import is_same, say_who
from .causes import CAUSES, Cause
from .chronicle import Line
from .moments import read_time, say_time, time_to_json

# Programs inside were ended because the memory was used up; the session itself goes on.
MEMORY_USED_UP: Final = "memory-used-up"
# Something is not well beside the session's program, or is well again; the session goes on.
NOTICED: Final = "noticed"
# Somebody else read what the session printed.
LOGS_READ: Final = "logs-read"
# What a story only tells: nothing of the session changes by it, its version neither.
TOLD_ONLY: Final = frozenset({MEMORY_USED_UP, NOTICED, LOGS_READ})
_SENTENCES: Final = {
    "created": "{who} asked for this session.",
    "asked": "The hub was asked to start it.",
    "admitted": "The hub began to start it.",
    "ready": "It was ready.",
    "stop": "{who} stopped it{reason}.",
    "archive": "{who} archived it.",
    "restore": "{who} restored it.",
    "recovered": "Its record was lost, and made anew from the running session.",
    LOGS_READ: "{who} read its logs.",
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
    if line.event == MEMORY_USED_UP:
        return _say_kills(line.data)
    if line.event == NOTICED:
        return _say_noticed(line.data)
    if line.event == "extended" and line.data.get("until") is None:
        return f"{who} took back that it is kept running longer."
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


def _say_noticed(data: Mapping[str, Any]) -> str:
    name, why = data.get("container"), data.get("why")
    if not name:
        return f"Its machine went away: {why}. It may come back." if why else "Its machine is back."
    return (
        f"Its helper ‘{name}’ is not well: {why}." if why else f"Its helper ‘{name}’ is well again."
    )


def _say_edit(who: str, data: Mapping[str, Any]) -> str:
    parts = []
    if "name" in data:
        parts.append(f"renamed it to ‘{data['name']}’")
    if "idle_timeout" in data:
        seconds = data["idle_timeout"]
        parts.append(f"set the idle timeout to {_say_timeout(seconds)}")
    return f"{who} {' and '.join(parts)}." if parts else f"{who} changed it."


def _say_timeout(seconds: object) -> str:
    if not isinstance(seconds, int):
        return str(seconds)
    return "never" if seconds == -1 else say_limit(seconds)


def _say_kills(data: Mapping[str, Any]) -> str:
    limit = f" ({data['memory']})" if data.get("memory") else ""
    advice = "Use less, or start a session with more memory."
    if data.get("is_last"):
        advice += " If it happens again, it is not told here any more."
    who, verb = _say_killed(data.get("kills"), data.get("kernels"))
    return f"{who} {verb} ended because the session's memory{limit} was used up. {advice}"


def _say_killed(kills: object, kernels: object) -> tuple[str, str]:
    """Return who was ended, and the verb that fits."""
    names = [str(name) for name in kernels] if isinstance(kernels, list) else []
    count = kills if isinstance(kills, int) else 1
    if names and count <= len(names):
        word = "kernel" if len(names) == 1 else "kernels"
        return f"The {word} of {', '.join(names)}", "was" if len(names) == 1 else "were"
    if count == 1:
        return "A program", "was"
    among = f", the kernel of {', '.join(names)} among them," if names else ""
    return f"{count} programs{among}", "were"
