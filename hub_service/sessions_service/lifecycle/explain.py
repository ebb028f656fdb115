"""Say in plain sentences why a session ended: structured data in, sentences out when read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache
from string import Formatter
from typing import Any, Final

from .actors import Part, is_same, say_who
from .causes import CAUSES, Cause
from .moments import read_time, say_time, time_to_json

NEVER: Final = -1
_MOMENTS: Final = ("at", "seen", "missed")
_SIGNALS: Final = {9: "was killed", 11: "broke (segmentation fault)", 15: "was ended by a signal"}


def explain(
    cause: Cause,
    *,
    viewer: str,
    ended_by: str | None,
    evidence: Mapping[str, Any],
    idle_timeout: int,
    started_at: datetime | None,
    ended_at: datetime | None,
    idle_presets: Sequence[int] = (),
) -> dict[str, Any]:
    """Return `{sentence, short, times, next: {label, action, changes}}` for an ended session.

    `viewer` and `ended_by` are actors (see `actors`). Times in the sentence are UTC and listed in
    `times` as `{text, at}`. `idle_presets` are the idle timeouts that are offered, in seconds.
    """
    ending = CAUSES[cause]
    words = _words(viewer, ended_by, evidence, idle_timeout, started_at, ended_at)
    times = _times(_names_in(cause), evidence, started_at, ended_at)
    words.update({name: say_time(at, ended_at) for name, at in times.items()})
    sentence = ending.sentence.format_map(words)
    short = ending.short.format_map(words)
    if cause is Cause.USER and ended_by is Part.HUB:
        sentence, short = "It was stopped through the hub.", "stopped through the hub"
    step = {"label": ending.label, "action": ending.action, "changes": {}}
    if cause is Cause.IDLE:
        step |= _longer(idle_timeout, idle_presets)
    return {
        "sentence": sentence,
        "short": short,
        "times": [time_to_json(words[name], at) for name, at in times.items()],
        "next": step,
    }


def _longer(idle_timeout: int, presets: Sequence[int]) -> dict[str, Any]:
    """Return the step that gives a session the next longer idle timeout that is offered."""
    longer = min((one for one in presets if one > idle_timeout), default=None)
    if longer is None:
        if NEVER not in presets:
            return {}
        return {"label": "Start again without a limit", "changes": {"idle_timeout": NEVER}}
    label = f"Start again with {say_duration(longer)}"
    return {"label": label, "changes": {"idle_timeout": longer}}


class _Words(dict[str, str]):
    """The words of a sentence."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def _words(
    viewer: str,
    ended_by: str | None,
    evidence: Mapping[str, Any],
    idle_timeout: int,
    started_at: datetime | None,
    ended_at: datetime | None,
) -> _Words:
    is_viewer = is_same(ended_by, viewer)
    who = say_who(ended_by) if ended_by else "Somebody"
    reason = evidence.get("reason")
    words = _Words()
    words.update({key: str(value) for key, value in evidence.items() if value is not None})
    words.update(
        who="You" if is_viewer else who,
        short_who="you" if is_viewer else str(ended_by or "somebody"),
        reason=f": ‘{reason}’" if reason else "",
        idle=say_duration(idle_timeout),
        exit=say_exit(evidence.get("exit_code")),
        lived=_lived(started_at, ended_at),
    )
    waited = evidence.get("waited_seconds")
    if isinstance(waited, int | float):
        words["waited"] = say_duration(waited)
    words["at"] = "an unknown time"
    return words


@cache
def _names_in(cause: Cause) -> frozenset[str]:
    """Return which words the sentence of a cause has."""
    return frozenset(name for _, name, _, _ in Formatter().parse(CAUSES[cause].sentence) if name)


def _times(
    names: AbstractSet[str],
    evidence: Mapping[str, Any],
    started_at: datetime | None,
    ended_at: datetime | None,
) -> dict[str, datetime]:
    """Return the moments that a sentence names; an end nobody saw lies between two of them."""
    if names.isdisjoint(_MOMENTS):
        return {}
    found = {"at": ended_at}
    for name, otherwise in (("seen", started_at), ("missed", ended_at)):
        said = evidence.get(name)
        found[name] = otherwise if said is None else read_time(said)
    return {name: at for name, at in found.items() if at is not None and name in names}


def say_duration(seconds: float) -> str:
    """Return a duration as people say it: `45 s`, `30 min`, `2 h 15 min`, `3 days`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def say_exit(code: object) -> str:
    """Return what an exit code means."""
    if not isinstance(code, int):
        return "no exit code"
    signal = -code if code < 0 else code - 128 if 128 < code < 160 else 0
    if signal in _SIGNALS:
        return f"it {_SIGNALS[signal]}"
    return f"exit code {code}"


def _lived(started_at: datetime | None, ended_at: datetime | None) -> str:
    if started_at is None or ended_at is None:
        return "some time"
    return say_duration((ended_at - started_at).total_seconds())
