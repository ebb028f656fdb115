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


# What was typed in this very request: another person's form never sees it. Used once.
_typed: ContextVar[Typed | None] = ContextVar("typed", default=None)


def keep_typed(typed: Typed) -> None:
    """Keep what was typed for the form that this request shows again; never variables."""
    _typed.set(_without_variables(typed))


def _without_variables(typed: Typed) -> Typed:
    values = {name: texts for name, texts in typed.values.items() if name != "variables"}
    return Typed(values, typed.unknown)


def take_typed() -> Typed:
    """Return what was typed in this request, once."""
    typed = _typed.get() or Typed()
    _typed.set(None)
    return typed


class Unfinished:
    """What each person typed for a start that is not ready yet: should it fail, it is not lost.

    By user, since the hub replaces the spawner of a start that failed. The oldest go first.
    """

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._typed: dict[str, Typed] = {}

    def keep(self, user: str, typed: Typed) -> None:
        """Keep what a person typed, but no variables."""
        self._typed.pop(user, None)
        self._typed[user] = _without_variables(typed)
        while len(self._typed) > self._most:
            del self._typed[next(iter(self._typed))]

    def take(self, user: str) -> Typed:
        """Return what a person typed, and forget it."""
        return self._typed.pop(user, None) or Typed()
