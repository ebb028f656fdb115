"""What differs between two pods, place by place: what rules judge and what a preview shows.

Entries of lists with a merge key are told by that key. Any other list is one value: where it
differs, the list itself is a change, and so is each entry that came or went. Where something goes,
it is a change, and so is everything that it held. So a rule about a place sees whatever touches it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from ..field_path import Path
from .merge import without_nulls
from .pod_fields import POD, Field, fields_of


class Entry(NamedTuple):
    """An entry of a list: its place, and the field and value that tell it from others, if any."""

    at: int
    by: str | None = None
    key: str | None = None


Steps: TypeAlias = tuple[str | Entry, ...]

_UNKNOWN: Final = Field("object", "one")


@dataclass(frozen=True)
class Change:
    """A place whose value differs: the new value, or the old one of what is removed.

    The places in lists are those of the new pod; of what is removed, those of the old one.
    """

    steps: Steps
    value: Any
    is_removed: bool = False

    @property
    def path(self) -> Path:
        """Return the place as a path."""
        return tuple(step.at if isinstance(step, Entry) else step for step in self.steps)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return every change from one pod to the other; a field that is null is not there."""
    old, new = without_nulls(dict(before)), without_nulls(dict(after))
    return tuple(_compare(old, new, Field(POD, "one"), ()))


def place_in(patch: Any, steps: Steps) -> Path | None:
    """Return where a patch writes what is at a place of the merged pod; None if it does not."""
    path: Path = ()
    for step in steps:
        where: str | int = step if isinstance(step, str) else step.at
        if isinstance(step, Entry) and step.by and isinstance(patch, list):
            keys = [str(one.get(step.by)) if isinstance(one, dict) else None for one in patch]
            where = keys.index(step.key) if step.key in keys else len(patch)
        try:
            patch = patch[where]
        except (KeyError, IndexError, TypeError):
            return path or None
        path = (*path, where)
    return path


def _compare(old: Any, new: Any, field: Field, steps: Steps) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            inner = _inner(field, key)
            yield from _compare_entry(old, new, key, inner, (*steps, key))
    elif _keys(old, field) is not None and _keys(new, field) is not None:
        yield from _compare_keyed(old, new, field, steps)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_whole(old, new, field, steps)
    elif type(old) is not type(new) or old != new:
        yield Change(steps, new)
        if isinstance(old, (dict, list)):
            yield from _leaves(old, field, steps, is_removed=True)
        if isinstance(new, (dict, list)):
            yield from _leaves(new, field, steps)


def _compare_entry(
    old: Mapping[Any, Any], new: Mapping[Any, Any], key: Any, field: Field, steps: Steps
) -> Iterator[Change]:
    """Compare what two mappings have under a key."""
    if key not in new:
        leaves = tuple(_leaves(old[key], field, steps, is_removed=True))
        if leaves and leaves[0].steps != steps:
            yield Change(steps, old[key], is_removed=True)
        yield from leaves
    elif key not in old:
        yield from _leaves(new[key], field, steps)
    else:
        yield from _compare(old[key], new[key], field, steps)


def _compare_keyed(old: list[Any], new: list[Any], field: Field, steps: Steps) -> Iterator[Change]:
    """Compare two lists entry by entry; another order of what both have is a change of the list."""
    old_keys, new_keys = _keys(old, field) or [], _keys(new, field) or []
    old_places, new_places = (
        {key: at for at, key in enumerate(keys)} for keys in (old_keys, new_keys)
    )
    if [key for key in old_keys if key in new_places] != [
        key for key in new_keys if key in old_places
    ]:
        yield Change(steps, new)
    old_entries = dict(zip(old_keys, old, strict=True))
    new_entries = dict(zip(new_keys, new, strict=True))
    for key in {**old_entries, **new_entries}:
        at = (new_places if key in new_places else old_places)[key]
        place = (*steps, Entry(at, field.merge_key, key))
        yield from _compare_entry(old_entries, new_entries, key, Field(field.kind, "one"), place)


def _compare_whole(old: list[Any], new: list[Any], field: Field, steps: Steps) -> Iterator[Change]:
    """Compare two lists whose entries cannot be told from each other."""
    old_texts, new_texts = _texts(old), _texts(new)
    if old_texts == new_texts:
        return
    yield Change(steps, new)
    entry = Field(field.kind, "one") if field.shape == "list" else _UNKNOWN
    for mine, texts, others, is_removed in (
        (new, new_texts, set(old_texts), False),
        (old, old_texts, set(new_texts), True),
    ):
        for at, one in enumerate(mine):
            if texts[at] not in others:
                place = (*steps, _entry(one, at, field))
                yield from _leaves(one, entry, place, is_removed=is_removed)


def _leaves(
    value: Any, field: Field, steps: Steps, *, is_removed: bool = False
) -> Iterator[Change]:
    """Give a change for each value at the end of a branch, and for each list that is one value.

    A list or map of a user's own keys that is empty is nothing; an empty `emptyDir` is something,
    and so is a label selector of nothing but an empty map.
    """
    if isinstance(value, dict) and value:
        inside = [
            leaf
            for key, inner in value.items()
            for leaf in _leaves(inner, _inner(field, key), (*steps, key), is_removed=is_removed)
        ]
        yield from inside or [Change(steps, value, is_removed)]
    elif isinstance(value, list) and value:
        if _keys(value, field) is None:
            yield Change(steps, value, is_removed)
        entry = Field(field.kind, "one") if field.shape == "list" else _UNKNOWN
        for at, one in enumerate(value):
            place = (*steps, _entry(one, at, field))
            yield from _leaves(one, entry, place, is_removed=is_removed)
    elif field.shape == "one" or not isinstance(value, (dict, list)):
        yield Change(steps, value, is_removed)


def _inner(field: Field, key: str) -> Field:
    """Return the field under a key; an unknown one if Kubernetes 1.34 has none."""
    if field.shape == "map":
        return Field(field.kind, "one")
    return fields_of(field.kind).get(key, _UNKNOWN)


def _keys(value: Any, field: Field) -> list[str] | None:
    """Return what tells the entries of a list from each other; None if something does not."""
    by = field.merge_key
    if not isinstance(value, list) or by is None:
        return None
    keys = [str(one[by]) for one in value if isinstance(one, dict) and by in one]
    return keys if len(set(keys)) == len(value) else None


def _entry(entry: Any, at: int, field: Field) -> Entry:
    """Return the step to an entry of a list, with its key if it has one, also if another has it."""
    by = field.merge_key
    if by is None or not isinstance(entry, dict) or by not in entry:
        return Entry(at)
    return Entry(at, by, str(entry[by]))


def _texts(entries: list[Any]) -> list[str]:
    return [json.dumps(entry, sort_keys=True, default=str) for entry in entries]
