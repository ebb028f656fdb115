"""Reads the API server's JSON; what is missing, null or of another type reads as nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]


def read_map(value: object, *path: str) -> Json:
    """Return the object at a path of keys; an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def read_list(value: object, *path: str) -> tuple[Json, ...]:
    """Return the objects of the list at a path of keys; what is no object is left out."""
    if path:
        value = read_map(value, *path[:-1]).get(path[-1])
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return ()
    return tuple(one for one in value if isinstance(one, Mapping))


def read_text(value: object, *path: str) -> str:
    """Return the text at a path of keys; none where there is none."""
    found = read_map(value, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def read_number(value: object, *path: str) -> int | None:
    """Return the whole number at a path of keys."""
    found = read_map(value, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_true(value: object, *path: str) -> bool:
    """Tell whether there is a `true` at a path of keys."""
    return read_map(value, *path[:-1]).get(path[-1]) is True


def read_time(value: object, *path: str) -> datetime | None:
    """Return the moment at a path of keys, in UTC."""
    try:
        moment = datetime.fromisoformat(read_text(value, *path))
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def find_named(among: Sequence[Json], name: str, key: str = "name") -> Json:
    """Return the object with a name; an empty one where there is none."""
    return next((one for one in among if one.get(key) == name), {})


def find_condition(thing: object, kind: str) -> Json:
    """Return a condition of an object's status by its type."""
    return find_named(read_list(thing, "status", "conditions"), kind, "type")
