"""What user YAML may set, as a JSON Schema with descriptions: for completion and for programs.

The schema itself has only the places that the administrator's rules open; `$defs` has every type of
a pod whole, so that `#/$defs/Pod` tells what is no field at all from what is closed. Merge keys
are marked as Kubernetes marks them. What stays closed inside of an open place is left out, or
refused by a key's pattern. A rule on the entries of a list is held to in its own branch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from .overrides.patterns import Step
from .overrides.pod_fields import POD, SCALARS, Field, fields_of, pod_types
from .overrides.rules import Rules

Schema: TypeAlias = dict[str, Any]
# Type and field to a sentence, or "".
Describe: TypeAlias = Callable[[str, str], str]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: Final[Mapping[str, Schema]] = {
    "string": {"type": "string"},
    "bytes": {"type": "string"},
    "time": {"type": "string", "format": "date-time"},
    "integer": {"type": "integer"},
    "integer32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "boolean": {"type": "boolean"},
    "quantity": {"type": ["string", "number"]},
    "int-or-string": {"type": ["integer", "string"]},
    "object": {"type": "object"},
}
_NOTHING: Final[Schema] = {"type": "object", "properties": {}, "additionalProperties": False}


def _undescribed(_kind: str, _field: str) -> str:
    return ""


def pod_schema(rules: Rules, describe: Describe = _undescribed) -> Schema:
    """Return the schema of what the rules let users set in a pod."""
    view = _View(
        tuple(_Rest(one.pattern.steps, one.values) for one in rules.allow),
        tuple(_Rest(one.steps) for one in (*rules.closed, *(f.pattern for f in rules.force))),
        tuple(_Rest(one.pattern.steps, one.text) for one in rules.cap),
    )
    narrowed = _Narrowing(describe).of(Field(POD, "one"), view) or dict(_NOTHING)
    return {
        "$schema": DIALECT,
        "title": "What your YAML may set",
        **narrowed,
        "$defs": {kind: _whole(kind, describe) for kind in pod_types()},
    }


def closed_schema(reason: str) -> Schema:
    """Return the schema for somebody who may set nothing, and why."""
    return {"$schema": DIALECT, "title": "What your YAML may set", "description": reason} | _NOTHING


def _whole(kind: str, describe: Describe) -> Schema:
    """Return the schema of a whole type."""
    properties = {
        name: _described(_any_of(field), describe(kind, name))
        for name, field in fields_of(kind).items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _any_of(field: Field) -> Schema:
    """Return the schema of any value of a field."""
    one: Schema = dict(_SCALARS.get(field.kind) or {"$ref": f"#/$defs/{field.kind}"})
    if field.shape == "list":
        return {"type": "array", "items": one, **_merging(field)}
    return {"type": "object", "additionalProperties": one} if field.shape == "map" else one


def _merging(field: Field) -> Schema:
    if not field.merges:
        return {}
    key = {"x-kubernetes-patch-merge-key": field.merge_key} if field.merge_key else {}
    return {"x-kubernetes-patch-strategy": "merge", **key}


def _described(schema: Schema, sentence: str) -> Schema:
    said = " ".join(part for part in (sentence, schema.get("description", "")) if part)
    return {**schema, "description": said} if said else schema


class _Rest(NamedTuple):
    """What is left of a rule's steps at some place, and what the rule says."""

    steps: tuple[Step, ...]
    says: Any = None


@dataclass(frozen=True)
class _View:
    """The rules that reach a place or lie below it."""

    allowed: tuple[_Rest, ...]
    denied: tuple[_Rest, ...]
    capped: tuple[_Rest, ...]

    @property
    def is_open(self) -> bool:
        """Whether users may set this place to something."""
        return any(not one.steps for one in self.allowed)

    @property
    def is_denied(self) -> bool:
        return any(not one.steps for one in self.denied)

    @property
    def is_plain(self) -> bool:
        """Whether no rule says anything more about what lies inside."""
        return not any(one.steps for one in (*self.denied, *self.capped))

    def into(self, fits: Callable[[Step], bool]) -> _View:
        """Return the rules one step further; what is open stays open."""
        whole = tuple(one for one in self.allowed if not one.steps)
        return _View(
            (*whole, *_further(self.allowed, fits)),
            tuple(_further(self.denied, fits)),
            tuple(_further(self.capped, fits)),
        )

    def named_keys(self) -> list[str]:
        """Return the keys that rules name for the entries here, `*` last."""
        named = dict.fromkeys(
            one.steps[0].text
            for one in (*self.allowed, *self.capped, *(d for d in self.denied if len(d.steps) > 1))
            if one.steps
        )
        named.pop("*", None)
        is_any = self.is_open or any(one.steps and one.steps[0].text == "*" for one in self.allowed)
        return [*named, *(("*",) if is_any else ())]

    def denied_keys(self) -> list[str]:
        """Return the keys of entries that nobody may set."""
        return [one.steps[0].text for one in self.denied if len(one.steps) == 1]


def _further(rests: Iterable[_Rest], fits: Callable[[Step], bool]) -> Iterable[_Rest]:
    return (_Rest(one.steps[1:], one.says) for one in rests if one.steps and fits(one.steps[0]))


@dataclass(frozen=True)
class _Narrowing:
    """The walk along the fields that rules open."""

    describe: Describe

    def of(self, field: Field, view: _View) -> Schema | None:
        """Return the schema of what may be set at a place; None for nothing."""
        if view.is_denied or not view.allowed:
            return None
        if field.shape == "one" and field.kind in SCALARS | {"object"}:
            return _value(field, view) if view.is_open else None
        if view.is_open and view.is_plain:
            return _any_of(field)
        if field.shape == "list":
            return self._list(field, view)
        return self._map(field, view) if field.shape == "map" else self._fields(field, view)

    def _fields(self, field: Field, view: _View) -> Schema | None:
        properties = {}
        for name, inner in fields_of(field.kind).items():
            schema = self.of(inner, view.into(lambda step, name=name: step.text == name))  # type: ignore[misc]
            if schema is not None:
                properties[name] = _described(schema, self.describe(field.kind, name))
        return {**_NOTHING, "properties": properties} if properties else None

    def _map(self, field: Field, view: _View) -> Schema | None:
        properties: Schema = {}
        patterns: Schema = {}
        others = None
        for key in view.named_keys():
            schema = self.of(Field(field.kind, "one"), view.into(_covering(key)))
            if key == "*":
                others = schema
            elif schema is not None:
                (patterns if _is_glob(key) else properties)[
                    _regex(key) if _is_glob(key) else key
                ] = schema
        if others is None and not properties and not patterns:
            return None
        refused = {_regex(key): False for key in view.denied_keys()}
        return {
            "type": "object",
            **({"properties": properties} if properties else {}),
            **({"patternProperties": {**patterns, **refused}} if patterns or refused else {}),
            "additionalProperties": others if others is not None else False,
        }

    def _list(self, field: Field, view: _View) -> Schema | None:
        branches = []
        keys = view.named_keys() if field.merge_key else ["*"]
        for key in keys:
            entry = self.of(Field(field.kind, "one"), view.into(_covering(key)))
            if entry is None:
                continue
            others = [one for one in keys if one != key] if key == "*" else []
            branches.append(self._entry(entry, field, key, (*others, *view.denied_keys())))
        if not branches:
            return None
        items = branches[0] if len(branches) == 1 else {"anyOf": branches}
        return {"type": "array", "items": items, **_merging(field)}

    def _entry(self, entry: Schema, field: Field, key: str, but: tuple[str, ...]) -> Schema:
        """Return the schema of entries with a key; what tells them apart may always stand there."""
        by = field.merge_key
        if by is None:
            return entry
        if "$ref" not in entry:
            own = _any_of(fields_of(field.kind)[by])
            narrowed = {**own, **({} if key == "*" else {"pattern": _regex(key)})}
            if key != "*" and not _is_glob(key):
                narrowed = {**own, "const": key}
            said = _described(narrowed, self.describe(field.kind, by))
            entry = {**entry, "properties": {by: said, **_without(entry["properties"], by)}}
        refused = [{"properties": {by: {"pattern": _regex(one)}}, "required": [by]} for one in but]
        return {**entry, "required": [by], **({"not": {"anyOf": refused}} if refused else {})}


def _without(properties: Schema, name: str) -> Schema:
    return {key: value for key, value in properties.items() if key != name}


def _value(field: Field, view: _View) -> Schema:
    schema = dict(_SCALARS[field.kind])
    given = [one.says for one in view.allowed if not one.steps]
    if None not in given:
        schema["enum"] = list(dict.fromkeys(value for values in given for value in values))
    for cap in view.capped:
        schema["description"] = f"{cap.says} or less."
        if field.kind.startswith("integer") and str(cap.says).isdigit():
            schema["maximum"] = int(cap.says)
    return schema


def _is_glob(key: str) -> bool:
    return bool(set(key) & set("*?["))


def _covering(key: str) -> Callable[[Step], bool]:
    """Tell which steps reach every entry with a key."""

    def fits(step: Step) -> bool:
        return step.covers(Step(key, step.into, step.by))

    return fits


def _regex(key: str) -> str:
    """Return the regular expression, as JavaScript reads it too, of a shell-style pattern."""
    parts = re.split(r"(\*|\?|\[!?[^\]]+\])", key)
    return f"^{''.join(_part(one) for one in parts)}$"


def _part(text: str) -> str:
    if text in ("*", "?"):
        return ".*" if text == "*" else "."
    if text.startswith("[") and len(text) > 2:
        return text.replace("[!", "[^", 1)
    return re.sub(r"[.*+?^${}()|[\]\\/]", r"\\\g<0>", text)
