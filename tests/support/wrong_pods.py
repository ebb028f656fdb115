"""Pods in which one field has a value of every sort: written from the table of a pod's fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sessions_spawner.policy.overrides.pod_fields import POD, SCALARS, Field, fields_of
from tests.support.pod_manifests import pod_with

Way = tuple[tuple[str, Field], ...]

# Values of every JSON type, right and wrong ones for each kind of field.
_ODD: Final[Mapping[str, Any]] = {
    "text": "one",
    "empty text": "",
    "text of a number": "1",
    "text of a boolean": "true",
    "a number": 1,
    "a fraction": 1.5,
    "a whole fraction": 1.0,
    "beyond 32 bits": 2**40,
    "beyond 64 bits": 2**70,
    "a boolean": True,
    "a mapping": {},
    "a list": [],
}
_KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "quantity": {
        text: text
        for text in (
            *("500m", "4Gi", "1e3", "1E3", "5E", "+1", "-1", ".5", "5.", "1n", "1u", "0x10"),
            *("1 Gi", " 1", "1gi", "1GI", "1K", "1.5.1", "1e", "1e1.5", "Gi", "--1", "1_000"),
            *("\u0661", "1\n", "9" * 40, "1e99999", "1mi", "1e-3", "1Ki1", "."),
        )
    },
    "time": {
        text: text
        for text in (
            *("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.5+01:00", "2026-11-21"),
            *("2026-11-21 10:00:00Z", "2026-11-21T10:00:00", "yesterday"),
            *("2026-02-30T10:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T10:00Z"),
            *("2026-11-21t10:00:00z", "2026-11-21T10:00:60Z", "20261121T100000Z"),
        )
    },
    "bytes": {text: text for text in ("b25l", "###", "b25l=", "b2-_", "b25\nl")},
}
_LISTS: Final[Mapping[str, Any]] = {"null in a list": [None], "a list in a list": [[]]}
_MAPS: Final[Mapping[str, Any]] = {"null under a key": {"one": None}}
UNKNOWN: Final = "an unknown field"
OTHER_CASE: Final = "a field in another case"


@dataclass(frozen=True)
class OddPod:
    """A pod with a value at a place; what sort of value it is, and of which kind the field."""

    pod: Mapping[str, Any]
    path: str
    kind: str
    sort: str


def odd_pods() -> Iterator[OddPod]:
    """Give for each field of a pod, by the shortest way to it, a pod with each odd value."""
    for way in _ways():
        field = way[-1][1]
        for sort, value in _odd_values(field).items():
            yield _odd(way, value, _kind_of(field), sort)
        if field.kind not in SCALARS and field.shape == "one" and field.kind != "object":
            first = next(iter(fields_of(field.kind)))
            yield _odd((*way, ("nosuch", _TEXT)), "one", "mapping", UNKNOWN)
            yield _odd((*way, (first[0].upper() + first[1:], _TEXT)), "one", "mapping", OTHER_CASE)


_TEXT: Final = Field("string", "one")


def _kind_of(field: Field) -> str:
    kind = field.kind if field.kind in SCALARS else "mapping"
    return {"one": kind, "list": f"list of {kind}", "map": f"map of {kind}"}[field.shape]


def _odd_values(field: Field) -> Mapping[str, Any]:
    scalars = {**_ODD, **_KINDS.get(field.kind, {})} if field.kind in SCALARS else _ODD
    if field.shape == "one":
        return scalars
    if field.shape == "list":
        inner = {f"{sort} in a list": [value] for sort, value in scalars.items()}
        return {**_ODD, **inner, **_LISTS}
    keyed = {f"{sort} under a key": {"one": value} for sort, value in scalars.items()}
    return {**_ODD, **keyed, **_MAPS}


def _ways() -> Iterator[Way]:
    """Give the shortest way to every field of every type."""
    waiting: list[tuple[str, Way]] = [(POD, ())]
    seen = {POD}
    while waiting:
        kind, way = waiting.pop(0)
        for name, field in fields_of(kind).items():
            yield (*way, (name, field))
            if field.kind not in seen and fields_of(field.kind):
                seen.add(field.kind)
                waiting.append((field.kind, (*way, (name, field))))


def _odd(way: Way, value: Any, kind: str, sort: str) -> OddPod:
    """Return a pod with a value at the end of a way, and what tells its lists' entries apart."""
    path = ""
    changes: dict[str, Any] = {}
    for name, field in way[:-1]:
        path += f".{name}"
        if field.shape == "list":
            path += "[0]"
            if field.merge_key:
                by = fields_of(field.kind)[field.merge_key]
                changes[f"{path}.{field.merge_key}"] = 1 if by.kind == "integer" else "one"
        elif field.shape == "map":
            path += '["one"]'
    path += f".{way[-1][0]}"
    changes[path] = value
    pod = pod_with({place.removeprefix("."): one for place, one in changes.items()})
    return OddPod(pod, path.removeprefix("."), kind, sort)
