"""Say in plain sentences why a session ended: structured data in, sentences out when read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache
from string import Formatter
from typing import Any, Final, NamedTuple

from sessions_spawner.durations import say_duration

from .actors import Part, is_same, say_who
from .causes import CAUSES, Cause
from .moments import read_time, say_time, time_to_json

NEVER: Final = -1
_MOMENTS: Final = ("at", "seen", "missed")
# Nobody has seen the end of its program.
_RUNS_ON: Final = "The cluster has not confirmed its end: its program may still run there."
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
    max_lifetime: int | None = None,
    idle_presets: Sequence[int] = (),
) -> dict[str, Any]:
    """Return `{sentence, short, times, next: {label, action, changes}}` for an ended session.

    `viewer` and `ended_by` are actors (see `actors`). Times in the sentence are UTC and listed in
    `times` as `{text, at}`. `idle_presets` are the idle timeouts that are offered, in seconds.
    """
    ending = CAUSES[cause]
    end = _End(viewer, ended_by, evidence, idle_timeout, max_lifetime, started_at, ended_at)
    names = _names_of(cause)
    times = _times(names, end)
    words = _known_words(names, end)
    words.update({name: say_time(at, ended_at) for name, at in times.items()})
    fuller = (one for one in ending.fuller if words.keys() >= names_in(one))
    template = next(fuller, ending.sentence)
    sentence = template.format_map(words)
    short = ending.short.format_map(words)
    if cause is Cause.USER and ended_by is Part.HUB:
        sentence, short = "It was stopped through the hub.", "stopped through the hub"
    if evidence.get("may_still_run"):
        sentence = f"{sentence} {_RUNS_ON}"
    step = {"label": ending.label, "action": ending.action, "changes": {}}
    if cause is Cause.IDLE:
        step |= _longer(idle_timeout, idle_presets)
    return {
        "sentence": sentence,
        "short": short,
        "times": [
            time_to_json(words[name], at)
            for name, at in times.items()
            if name in names_in(template)
        ],
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


class _End(NamedTuple):
    """What the words of a sentence are made from; as `explain` takes it."""

    viewer: str
    ended_by: str | None
    evidence: Mapping[str, Any]
    idle_timeout: int
    max_lifetime: int | None
    started_at: datetime | None
    ended_at: datetime | None


def _who(end: _End) -> str:
    if is_same(end.ended_by, end.viewer):
        return "You"
    return say_who(end.ended_by) if end.ended_by else "Somebody"


def _short_who(end: _End) -> str:
    return "you" if is_same(end.ended_by, end.viewer) else str(end.ended_by or "somebody")


def _reason(end: _End) -> str:
    reason = end.evidence.get("reason")
    return f": ‘{reason}’" if reason else ""


def _program(end: _End) -> str:
    container = end.evidence.get("container")
    return f"Its helper ‘{container}’" if container else "The program inside"


def _waited(end: _End) -> str | None:
    seconds = end.evidence.get("waited_seconds")
    return say_duration(seconds) if isinstance(seconds, int | float) else None


def _lifetime(end: _End) -> str | None:
    seconds = end.evidence.get("lifetime_seconds", end.max_lifetime)
    if isinstance(seconds, int | float):
        return say_duration(seconds)
    return _noted("lifetime", end)


def _detail(end: _End) -> str | None:
    """Return what happened in the words of who saw it; the sentence has its own full stop."""
    return (_noted("detail", end) or "").rstrip(". ") or None


def _lived(end: _End) -> str:
    if end.started_at is None or end.ended_at is None:
        return "some time"
    return say_duration((end.ended_at - end.started_at).total_seconds())


# A word that has a rule and gives None is not known.
_WORDS: Final[Mapping[str, Callable[[_End], str | None]]] = {
    "who": _who,
    "short_who": _short_who,
    "reason": _reason,
    "idle": lambda end: say_duration(end.idle_timeout),
    "exit": lambda end: say_exit(end.evidence.get("exit_code")),
    "program": _program,
    "it": lambda end: _program(end) if end.evidence.get("container") else "It",
    "lifetime": _lifetime,
    "detail": _detail,
    "lived": _lived,
    "waited": _waited,
}


def _known_words(names: AbstractSet[str], end: _End) -> dict[str, str]:
    """Return those words that are known; what has no rule is as the evidence says it."""
    said = {name: _WORDS[name](end) if name in _WORDS else _noted(name, end) for name in names}
    return {name: word for name, word in said.items() if word is not None}


def _noted(name: str, end: _End) -> str | None:
    word = end.evidence.get(name)
    return None if word is None or word == "" else str(word)


@cache
def _names_of(cause: Cause) -> frozenset[str]:
    """Return which words the sentences of a cause and its short form may have."""
    ending = CAUSES[cause]
    templates = (ending.short, ending.sentence, *ending.fuller)
    return frozenset(name for template in templates for name in names_in(template))


@cache
def names_in(template: str) -> frozenset[str]:
    """Return which words a sentence has."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _times(names: AbstractSet[str], end: _End) -> dict[str, datetime]:
    """Return the moments that sentences may name; an end nobody saw lies between two of them."""
    if names.isdisjoint(_MOMENTS):
        return {}
    found = {"at": end.ended_at}
    for name, otherwise in (("seen", end.started_at), ("missed", end.ended_at)):
        said = end.evidence.get(name)
        found[name] = otherwise if said is None else read_time(said)
    return {name: at for name, at in found.items() if at is not None and name in names}


def say_exit(code: object) -> str:
    """Return what an exit code means."""
    if not isinstance(code, int):
        return "no exit code"
    signal = -code if code < 0 else code - 128 if 128 < code < 160 else 0
    if signal in _SIGNALS:
        return f"it {_SIGNALS[signal]}"
    return f"exit code {code}"
