"""Whether a mapping has the shape of a pod, or of a patch of one: every fault, by its path.

A patch may set a field to null, which removes it, and may hold `$patch: delete` in an entry of a
list that is merged, or the entry `$patch: replace`, which replaces the whole list. The other
directives of strategic merge patches are refused, as nobody writes them by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from ..field_path import Path, format_path
from ..refusal import Refusal
from .pod_fields import POD, SCALARS, Field, fields_of

DIRECTIVE: Final = "$patch"
MOST_REFUSALS: Final = 50

_ADVICE: Final[Mapping[str, str]] = {
    DIRECTIVE: "`$patch` belongs into an entry of a list; set a field to null to remove it.",
    "$retainKeys": "`$retainKeys` is not taken; set each field that shall go to null.",
    "$setElementOrder": "`$setElementOrder` is not taken; entries keep their order.",
    "$deleteFromPrimitiveList": "`$deleteFromPrimitiveList` is not taken; leave it out.",
}
_LONGEST_GUESSED: Final = 60


def check_patch(patch: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Return what is wrong with the shape of a strategic merge patch of a pod."""
    return _check(patch, is_patch=True)


def check_pod(pod: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Return what is wrong with the shape of a whole pod, in which no directive may stand."""
    return _check(pod, is_patch=False)


def _check(value: Mapping[str, Any], *, is_patch: bool) -> tuple[Refusal, ...]:
    faults = _Shape(is_patch).faults(value, Field(POD, "one"), ())
    return tuple(
        Refusal(format_path(path), sentence) for path, sentence in islice(faults, MOST_REFUSALS)
    )


Faults = Iterator[tuple[Path, str]]


class _Shape:
    """The walk along a pod's fields."""

    def __init__(self, is_patch: bool) -> None:
        self.is_patch = is_patch

    def faults(self, value: Any, field: Field, path: Path) -> Faults:
        """Give each place below a value that is not as its field has it."""
        if field.shape == "list":
            yield from self._in_list(value, field, path)
        elif field.shape == "map" or field.kind not in SCALARS:
            yield from self._in_mapping(value, field, path)
        elif not _TYPES[field.kind][0](value):
            yield path, _TYPES[field.kind][1]

    def _in_mapping(self, value: Any, field: Field, path: Path) -> Faults:
        if not isinstance(value, dict):
            yield path, "Write a mapping here."
        elif field.kind != "object":
            for key, inner in value.items():
                known = _field(field, key)
                if known is None:
                    yield (*path, key), _unknown(key, field)
                elif inner is None and field.shape == "map" and not self.is_patch:
                    yield (*path, key), "Write its value, or leave it out."
                elif inner is not None:
                    yield from self.faults(inner, known, (*path, key))

    def _in_list(self, value: Any, field: Field, path: Path) -> Faults:
        if not isinstance(value, list):
            yield path, "Write a list here."
            return
        entry_field = Field(field.kind, "one")
        for index, entry in enumerate(value):
            place = (*path, index)
            if isinstance(entry, dict) and DIRECTIVE in entry:
                yield from self._directive(entry, field, place)
            else:
                yield from self.faults(entry, entry_field, place)
        if field.merge_key:
            yield from _keys(value, field.merge_key, path)

    def _directive(self, entry: dict[str, Any], field: Field, path: Path) -> Faults:
        place = (*path, DIRECTIVE)
        if not self.is_patch:
            yield place, "A whole pod takes no `$patch`; leave it out."
        elif not field.merge_key:
            yield place, "This list is replaced as a whole; write its entries without `$patch`."
        elif entry[DIRECTIVE] == "delete":
            if set(entry) != {DIRECTIVE, field.merge_key}:
                yield path, f"Give an entry to delete its `{field.merge_key}` and nothing else."
        elif entry[DIRECTIVE] == "replace":
            if set(entry) != {DIRECTIVE}:
                yield path, "Write `$patch: replace` as an entry of its own, for the whole list."
        else:
            yield place, "Write `$patch: delete` or `$patch: replace`, or leave it out."


def _field(parent: Field, key: str) -> Field | None:
    """Return the field under a key of a mapping; None if there is none."""
    if parent.shape == "map" and not key.startswith("$"):
        return Field(parent.kind, "one")
    return fields_of(parent.kind).get(key)


def _unknown(key: str, parent: Field) -> str:
    advice = _ADVICE.get(key.partition("/")[0])
    if advice:
        return advice
    known = fields_of(parent.kind)
    near = get_close_matches(key, known, n=1) if len(key) <= _LONGEST_GUESSED else ()
    return f"Write ‘{near[0]}’, if you mean it." if near else "Leave it out: pods have none here."


def _keys(entries: list[Any], key: str, path: Path) -> Faults:
    """Give the entries that cannot be told from each other."""
    seen: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict) or entry.get(DIRECTIVE) == "replace":
            continue
        value = entry.get(key)
        if value is None or isinstance(value, (dict, list)):
            yield (*path, index), f"Give this entry its `{key}`: entries are merged by it."
            continue
        seen[str(value)] += 1
        if seen[str(value)] == 2:
            yield (*path, index), f"Write one entry only with the `{key}` of this one."


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _fits_32_bits(value: object) -> bool:
    return isinstance(value, int) and _is_integer(value) and -(2**31) <= value < 2**31


def _is_quantity(value: object) -> bool:
    if isinstance(value, str):
        return bool(_QUANTITY.fullmatch(value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


# All that Kubernetes can read, where what people may ask for is less (`parse_quantity`).
_QUANTITY: Final = re.compile(
    r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?"
)
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
)
_TEXT: Final = (_is_text, "Write text here, with quotes around it.")
_TYPES: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    **dict.fromkeys(("string", "bytes"), _TEXT),
    "time": (_is_time, 'Write a time here, such as "2026-11-21T10:00:00Z".'),
    "integer": (_is_integer, "Write a whole number here."),
    "integer32": (_fits_32_bits, "Write a whole number here, of at most 2147483647."),
    "boolean": (lambda value: isinstance(value, bool), "Write true or false here."),
    "quantity": (_is_quantity, "Write a quantity here, such as 500m or 4Gi."),
    "int-or-string": (
        lambda value: _is_text(value) or _fits_32_bits(value),
        "Write a whole number or a name here.",
    ),
}


def check_value(value: Any, field: Field, path: Path) -> tuple[Refusal, ...]:
    """Return what is wrong with a value that shall stand in a field of a pod."""
    faults = _Shape(is_patch=False).faults(value, field, path)
    return tuple(Refusal(format_path(place), sentence) for place, sentence in faults)
