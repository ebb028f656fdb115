"""Say in plain sentences why a session ended: structured data in, sentences out when read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from .causes import CAUSES, Cause

HUB_ACTOR: Final = "hub"
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
) -> dict[str, Any]:
    """Return `{sentence, short, next: {label, action, changes}}` for an ended session.

    Times in sentences are UTC; the page shows its own zone beside them.
    """
    ending = CAUSES[cause]
    words = _words(viewer, ended_by, evidence, idle_timeout, started_at, ended_at)
    sentence = ending.sentence.format_map(words)
    short = ending.short.format_map(words)
    if cause is Cause.USER and ended_by == HUB_ACTOR:
        sentence, short = "It was stopped through the hub.", "stopped through the hub"
    return {
        "sentence": sentence,
        "short": short,
        "next": {"label": ending.label, "action": ending.action, "changes": dict(ending.changes)},
    }


class _Words(dict[str, str]):
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
    is_viewer = ended_by == viewer
    reason = evidence.get("reason")
    words = _Words(
        # An end that nobody saw lies between the last that was known of it and its being missed.
        seen=_clock(started_at),
        missed=_clock(ended_at),
    )
    words.update({key: str(value) for key, value in evidence.items() if value is not None})
    words.update(
        who="You" if is_viewer else (ended_by or "Somebody"),
        short_who="you" if is_viewer else (ended_by or "somebody"),
        reason=f": ‘{reason}’" if reason else "",
        idle=say_duration(idle_timeout),
        at=_clock(ended_at),
        exit=say_exit(evidence.get("exit_code")),
        lived=_lived(started_at, ended_at),
    )
    waited = evidence.get("waited_seconds")
    if isinstance(waited, int | float):
        words["waited"] = say_duration(waited)
    return words


def _clock(at: datetime | None) -> str:
    return at.strftime("%H:%M") if at else "unknown"


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
