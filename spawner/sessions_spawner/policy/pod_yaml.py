"""User YAML taken in strictly: one mapping of JSON's types, or a sentence that names the place.

The text is read event by event and refused before anything large is built; the time is linear in
its length. Aliases, anchors, merge keys, tags and directives are refused outright. What unquoted
words mean is kubectl's reading (see `plain_scalars`), except that a key must be text by itself:
where kubectl would make `8080:` or `on:` the keys "8080" and "true", the writer is asked for
quotes. The pure loader, where there is no other, refuses some tabs that the C loader takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

import yaml

from ..request.fields import YAML_BYTES
from .field_path import Path, format_path
from .plain_scalars import Scalar, resolve_plain

MAX_DEPTH: Final = 20
MAX_NODES: Final = 5_000
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

JsonValue: TypeAlias = dict[str, Any] | list[Any] | Scalar

# Control, line-breaking, bidirectional and invisible characters; surrogates that stand alone.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NOT_A_MAPPING: Final = "Write the pod's fields as a mapping, such as `spec:` and what is under it."


class YamlRefused(ValueError):
    """Why a text is not taken, with line and column (counted from 1) and path where known."""

    def __init__(
        self, sentence: str, line: int | None = None, column: int | None = None, path: Path = ()
    ) -> None:
        self.sentence = sentence
        self.line = line
        self.column = column
        self.path = path
        place = [f"line {line}, column {column}"] if line else []
        place += [format_path(path)] if path else []
        super().__init__(f"{', '.join(place)}: {sentence}" if place else sentence)


@dataclass(frozen=True)
class PodYaml:
    """What a text says, and the line (from 1) on which each of its values begins."""

    value: dict[str, Any]
    lines: Mapping[Path, int]

    def line_of(self, place: str) -> int | None:
        """Return the line of a place as a refusal names it; None if the text does not write it."""
        return self._lines_by_text.get(place)

    def path_of(self, place: str) -> Path | None:
        """Return the path of a place as a refusal names it; None if the text does not write it."""
        return next((path for path in self.lines if path and format_path(path) == place), None)

    @cached_property
    def _lines_by_text(self) -> dict[str, int]:
        return {format_path(path): line for path, line in self.lines.items()}


def read_pod_yaml(text: str, loader: Any = LOADER) -> PodYaml:
    """Return the mapping that a YAML text holds.

    Raises:
        YamlRefused: for any other text.
    """
    _check_text(text)
    building = _Building()
    try:
        for event in yaml.parse(text.replace("\r\n", "\n"), Loader=loader):
            building.take(event)
    except yaml.YAMLError as error:
        raise _unreadable(error) from None
    if building.value is None:
        raise YamlRefused(_NOT_A_MAPPING)
    return PodYaml(building.value, building.lines)


def _check_text(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > YAML_BYTES:
        raise YamlRefused(f"Keep the YAML under {YAML_BYTES // 1024} kB.")
    text = text.replace("\r\n", "\n")
    found = _FORBIDDEN.search(text)
    if found:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        raise YamlRefused(_without(found[0]), line, column)


def _without(character: str) -> str:
    return f"Leave out the invisible character U+{ord(character):04X}."


def _unreadable(error: yaml.YAMLError) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    sentence = f"This is not YAML: {problem}."
    return YamlRefused(sentence, mark.line + 1, mark.column + 1) if mark else YamlRefused(sentence)


@dataclass
class _Open:
    """A mapping or list that is being filled; `key` waits for its value."""

    holds: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


@dataclass
class _Building:
    """The value so far, filled by one event after the other."""

    value: dict[str, Any] | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    opened: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def take(self, event: Any) -> None:
        """Add what an event says.

        Raises:
            YamlRefused: if it says what is not taken.
        """
        match event:
            case yaml.DocumentStartEvent():
                self._begin_document(event)
            case yaml.NodeEvent():
                self._check_node(event)
                self._add_node(event)
            case yaml.CollectionEndEvent():
                self.opened.pop()

    def _begin_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refused(event, "Write one document only: leave out this `---`.")
        if event.version or event.tags:
            raise self._refused(event, "Leave out the lines that begin with %.")

    def _check_node(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, "Aliases (*name) are not taken: write the value out.")
        if event.anchor is not None:
            raise self._refused(event, "Anchors (&name) are not taken: leave it out.")
        if event.tag is not None:
            raise self._refused(event, "Tags (!name) are not taken: leave it out.")
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._refused(event, f"Write at most {MAX_NODES} keys and values.")

    def _add_node(self, event: Any) -> None:
        here = self.opened[-1] if self.opened else None
        if here and isinstance(here.holds, dict) and here.key is None:
            here.key = self._read_key(event, here.holds)
        elif isinstance(event, yaml.ScalarEvent):
            self._put(event, self._read_scalar(event))
        else:
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])

    def _open(self, event: Any, holds: dict[str, Any] | list[Any]) -> None:
        if len(self.opened) >= MAX_DEPTH:
            raise self._refused(event, f"Nest at most {MAX_DEPTH} levels.")
        path = self._path()
        self._put(event, holds)
        self.opened.append(_Open(holds, path))

    def _put(self, event: Any, value: JsonValue) -> None:
        self.lines[self._path()] = event.start_mark.line + 1
        if not self.opened:
            if not isinstance(value, dict):
                raise self._refused(event, _NOT_A_MAPPING)
            self.value = value
            return
        here = self.opened[-1]
        if isinstance(here.holds, list):
            here.holds.append(value)
        elif here.key is not None:
            here.holds[here.key] = value
            here.key = None

    def _read_key(self, event: Any, siblings: dict[str, Any]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(event, "A key is a word, not a list or a mapping.")
        if event.implicit[0] and event.value == "<<":
            raise self._refused(event, "Merge keys (<<) are not taken: write the fields out.")
        key = self._read_scalar(event)
        if not isinstance(key, str):
            raise self._refused(event, f"Put quotes around the key ‘{event.value[:40]}’.")
        if key in siblings:
            raise self._refused(event, f"The key ‘{key[:40]}’ is there twice; write it once.")
        return key

    def _read_scalar(self, event: Any) -> Scalar:
        text = str(event.value)
        found = _FORBIDDEN.search(text)
        if found:
            raise self._refused(event, _without(found[0]))
        if not event.implicit[0]:
            return text
        try:
            return resolve_plain(text)
        except ValueError as error:
            raise self._refused(event, str(error)) from None

    def _path(self) -> Path:
        """Return the path of the value that comes next."""
        if not self.opened:
            return ()
        here = self.opened[-1]
        if isinstance(here.holds, list):
            return (*here.path, len(here.holds))
        return here.path if here.key is None else (*here.path, here.key)

    def _refused(self, event: Any, sentence: str) -> YamlRefused:
        mark = event.start_mark
        return YamlRefused(sentence, mark.line + 1, mark.column + 1, self._path())
