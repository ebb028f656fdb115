"""What was typed, in a form or in a link: kept for the form that the same request shows again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from .fields import DRIVE_ROWS, PORT_ROWS

_DRIVE_ROW: Final = ("extra_drive", "extra_path", "extra_read_only")
_PORT_ROW: Final = ("port", "protocol", "port_name")
NAMES: Final = frozenset(
    {
        *("name", "environment", "cpu", "memory", "gpu", "image"),
        *("idle_timeout", "idle_minutes", "drive", "new_drive"),
        *(f"{name}_{row + 1}" for row in range(DRIVE_ROWS) for name in _DRIVE_ROW),
        *("cloud_sql", "secret", "service_account", "billing_project"),
        *(f"{name}_{row + 1}" for row in range(PORT_ROWS) for name in _PORT_ROW),
        *("lifetime", "lifetime_unit", "variables", "yaml"),
    }
)
# Where several are sent under one name.
_MANY: Final = frozenset({"cloud_sql", "secret"})
# `choice:ENVIRONMENT:OPTION` is picked, `own:ENVIRONMENT:OPTION` typed, `as:SECRET` a secret's way.
OPTIONS: Final = ("choice", "own")
_PREFIXES: Final = {"choice": 2, "own": 2, "as": 1}
# What the hub's own page adds.
_HUBS_OWN: Final = frozenset({"_xsrf", "next", "display_name"})


@dataclass(frozen=True)
class Typed:
    """Field → what was typed into it; `unknown` are names that are no fields."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def one(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, or its default."""
        found = self.values.get(name)
        return found[0] if found else default

    def all(self, name: str) -> Sequence[str]:
        """Return everything that was chosen under a name."""
        return self.values.get(name, ())

    def has_any(self, *beginnings: str) -> bool:
        """Tell whether something stands in a field whose name begins so."""
        return any(
            name.startswith(beginnings) and any(text.strip() for text in texts)
            for name, texts in self.values.items()
        )


def read_typed(data: Mapping[str, Sequence[Any]]) -> Typed:
    """Return the form's own fields as they were typed."""
    values, unknown = {}, []
    for name, texts in data.items():
        if name in _HUBS_OWN or not texts:
            continue
        if _is_field(name):
            values[name] = tuple(str(text) for text in (texts if name in _MANY else texts[:1]))
        else:
            unknown.append(name)
    return Typed(values, tuple(unknown))


def _is_field(name: str) -> bool:
    colons = _PREFIXES.get(name.partition(":")[0])
    return name in NAMES or (colons is not None and name.count(":") >= colons)


def read_link(data: Mapping[str, Sequence[Any]]) -> Typed:
    """Return what a link fills in, by the form's names or those of the Sessions page's links."""
    # 5.5 leaves the prefix that tells options from the hub's own parameters.
    plain = {name.removeprefix("opt-"): texts for name, texts in data.items()}
    ports = plain.pop("port", ())
    rows = dict(_rows("port", ports, PORT_ROWS))
    return read_typed({**rows, **plain})


def _rows(name: str, texts: Sequence[Any], most: int) -> Iterator[tuple[str, Sequence[Any]]]:
    for number, text in enumerate(texts[:most], start=1):
        yield f"{name}_{number}", [text]


# What was typed in this very request: another person's form never sees it. Used once, then gone
# from all that the request has begun.
_typed: ContextVar[list[Typed] | None] = ContextVar("typed", default=None)


def keep_typed(typed: Typed) -> None:
    """Keep what was typed for the form that this request shows again; never variables."""
    _typed.set([_without(typed, "variables")])


def _without(typed: Typed, *names: str) -> Typed:
    values = {name: texts for name, texts in typed.values.items() if name not in names}
    return Typed(values, typed.unknown)


def typed_here() -> Typed | None:
    """Return what was typed in this request, and in what it has begun; None if nothing was."""
    kept = _typed.get()
    return kept[0] if kept else None


def take_typed() -> Typed:
    """Return what was typed in this request, once."""
    kept = _typed.get()
    return kept.pop() if kept else Typed()


# Who typed, for whom, for which of their servers.
Place = tuple[str, str, str]
_MOST_CHARACTERS: Final = 64_000


class Unfinished:
    """What was typed for starts that are not ready yet: should one fail, it is not lost.

    By place, since the hub replaces the spawner of a start that failed. Neither variables nor YAML,
    which may hold their values, are in it. The oldest go first.
    """

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._typed: dict[Place, Typed] = {}

    def keep(self, place: Place, typed: Typed) -> None:
        """Keep what somebody typed, unless it is very long."""
        self._typed.pop(place, None)
        kept = _to_keep(typed)
        if _length(kept) > _MOST_CHARACTERS:
            return
        self._typed[place] = kept
        while len(self._typed) > self._most:
            del self._typed[next(iter(self._typed))]

    def take(self, place: Place) -> Typed:
        """Return what somebody typed, and forget it."""
        return self._typed.pop(place, None) or Typed()

    def forget(self, user: str, server: str) -> None:
        """Forget what was typed for a server of a user's, by whomever."""
        for place in [one for one in self._typed if one[1:] == (user, server)]:
            del self._typed[place]

    def forget_typed(self, user: str, typed: Typed) -> None:
        """Forget what was typed for a user and is shown again already."""
        kept = _to_keep(typed)
        for place in [one for one, its in self._typed.items() if one[1] == user and its == kept]:
            del self._typed[place]


def _to_keep(typed: Typed) -> Typed:
    return _without(typed, "variables", "yaml")


def _length(typed: Typed) -> int:
    named = sum(len(name) for name in (*typed.values, *typed.unknown))
    return named + sum(len(text) for texts in typed.values.values() for text in texts)
