"""The strategic merge of a patch into a pod, as Kubernetes does it.

Mappings are merged field by field; lists with a merge key are merged entry by entry, other lists
are replaced; null removes. Entries that a patch adds come before those that it does not name, as
in `kubectl patch`. Ports are merged by `containerPort` alone, so a pod that has one number for TCP
and UDP cannot be patched there: Kubernetes would change the first of the two, here it is refused.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from ..field_path import Path, format_path
from ..refusal import Refusal
from .pod_fields import POD, Field, fields_of
from .shape import DIRECTIVE, check_patch


class OverridesRefused(ValueError):
    """Why user YAML cannot be applied: every place with its sentence."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{one.field}: {one.message}" for one in self.refusals))


def merge_pod(pod: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new pod: the given one with a strategic merge patch applied.

    Raises:
        OverridesRefused: if the patch has not the shape of one, or means two entries at once.
    """
    faults = check_patch(patch)
    if faults:
        raise OverridesRefused(faults)
    return _merge_mapping(deepcopy(dict(pod)), deepcopy(dict(patch)), POD, ())


def without_nulls(value: Any) -> Any:
    """Return a value in which no field is null: to Kubernetes it is the same as none."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def _merge_mapping(
    old: dict[str, Any], patch: dict[str, Any], kind: str, path: Path
) -> dict[str, Any]:
    fields = fields_of(kind)
    for key, value in patch.items():
        if value is None:
            old.pop(key, None)
        else:
            field = fields.get(key) or Field(kind, "one")
            old[key] = _merge_value(old.get(key), value, field, (*path, key))
    return old


def _merge_value(old: Any, patch: Any, field: Field, path: Path) -> Any:
    if isinstance(patch, dict):
        kind = field.kind if field.shape == "one" else ""
        return _merge_mapping(old if isinstance(old, dict) else {}, patch, kind, path)
    if isinstance(patch, list) and field.merges:
        entries = old if isinstance(old, list) else []
        if field.merge_key is None:
            return _in_order(
                list(dict.fromkeys([*entries, *patch])), patch, entries, lambda one: one
            )
        return _merge_entries(entries, patch, field, path)
    return without_nulls(patch)


def _merge_entries(old: list[Any], patch: list[Any], field: Field, path: Path) -> list[Any]:
    key = str(field.merge_key)
    wanted = [entry for entry in patch if DIRECTIVE not in entry]
    if any(entry.get(DIRECTIVE) == "replace" for entry in patch):
        return [_merge_mapping({}, entry, field.kind, path) for entry in wanted]
    gone = [entry[key] for entry in patch if entry.get(DIRECTIVE) == "delete"]
    kept = [entry for entry in old if entry.get(key) not in gone]
    merged, places = list(kept), defaultdict(list)
    for place, entry in enumerate(kept):
        places[entry.get(key)].append(place)
    for index, entry in enumerate(patch):
        if DIRECTIVE in entry:
            continue
        if len(places[entry[key]]) > 1:
            raise _ambiguous(key, (*path, index))
        for place in places[entry[key]]:
            merged[place] = _merge_mapping(merged[place], entry, field.kind, (*path, index))
        if not places[entry[key]]:
            merged.append(_merge_mapping({}, entry, field.kind, (*path, index)))
    return _in_order(merged, wanted, kept, lambda entry: entry.get(key))


def _ambiguous(key: str, path: Path) -> OverridesRefused:
    sentence = f"Two entries have this `{key}`; replace the whole list with `$patch: replace`."
    return OverridesRefused([Refusal(format_path(path), sentence)])


def _in_order(
    merged: list[Any], patch: list[Any], old: list[Any], key_of: Callable[[Any], Any]
) -> list[Any]:
    """Return the merged entries: the patch's in its order, the others among them as they were.

    An entry that only the old list has goes before the first entry of the patch that came after it
    in the old list.
    """
    patch_places = {key_of(entry): place for place, entry in enumerate(patch)}
    old_places = {key_of(entry): place for place, entry in enumerate(old)}
    named = sorted(
        (entry for entry in merged if key_of(entry) in patch_places),
        key=lambda entry: patch_places[key_of(entry)],
    )
    others = deque(entry for entry in merged if key_of(entry) not in patch_places)
    ordered = []
    for entry in named:
        place = old_places.get(key_of(entry), -1)
        while others and old_places[key_of(others[0])] < place:
            ordered.append(others.popleft())
        ordered.append(entry)
    return [*ordered, *others]
