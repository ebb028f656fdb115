"""A place in a manifest, read so that a wrong type is never taken for a good value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..field_path import Path

WANTS_OBJECT: Final = "Make this an object with named fields, or leave it out."
_WANTS_LIST: Final = "Make this a list, or leave it out."
# What stands for a value of a wrong type: equal to nothing that a control allows.
_UNREADABLE: Final = object()


@dataclass(frozen=True)
class Node:
    """A path of a manifest and what stands there; null and absent are one, as in the API.

    A place below a value of a wrong type (`securityContext: "off"`) is that value itself, with
    the sentence `wrong` and a value that satisfies no question, so a control which asks for what
    it allows needs no case for it.
    """

    path: Path
    value: object = None
    wrong: str = ""

    def at(self, *names: str) -> Node:
        """Return the place that these field names lead to."""
        node = self
        for name in names:
            node = node._field(name)
        return node

    def _field(self, name: str) -> Node:
        if self.value is None:
            return Node((*self.path, name))
        if isinstance(self.value, Mapping):
            return Node((*self.path, name), self.value.get(name))
        return self.unreadable(WANTS_OBJECT)

    def each(self) -> Iterator[Node]:
        """Give the places of a list; one unreadable place if this is no list."""
        if isinstance(self.value, (list, tuple)):
            for index, value in enumerate(self.value):
                yield Node((*self.path, index), value)
        elif not self.is_unset:
            yield self.unreadable(_WANTS_LIST)

    def fields_set(self) -> Iterator[tuple[str, Node]]:
        """Give name and place of every field that is not null; itself if this is no object."""
        if isinstance(self.value, Mapping):
            for name, value in self.value.items():
                if value is not None:
                    yield str(name), Node((*self.path, str(name)), value)
        elif not self.is_unset:
            yield "", self.unreadable(WANTS_OBJECT)

    def keys_where(self, is_wanted: Callable[[str], bool]) -> Iterator[Node]:
        """Give the places of a map's wanted keys, null as empty text; itself if it is no map."""
        if isinstance(self.value, Mapping):
            for key, value in self.value.items():
                if isinstance(key, str) and is_wanted(key):
                    yield Node((*self.path, key), "" if value is None else value)
        elif not self.is_unset:
            yield self.unreadable(WANTS_OBJECT)

    def unreadable(self, wrong: str) -> Node:
        """Return this place as one whose value has a wrong type; the first such word stays."""
        return self if self.wrong else Node(self.path, _UNREADABLE, wrong)

    @property
    def is_unset(self) -> bool:
        """Tell whether nothing stands here."""
        return self.value is None

    @property
    def is_object(self) -> bool:
        """Tell whether an object stands here."""
        return isinstance(self.value, Mapping)

    @property
    def is_true(self) -> bool:
        """Tell whether the boolean true stands here."""
        return self.value is True

    @property
    def is_false(self) -> bool:
        """Tell whether the boolean false stands here."""
        return self.value is False

    @property
    def number(self) -> int | None:
        """The whole number that stands here, 0 for nothing, None for anything else."""
        if self.value is None:
            return 0
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            return None
        return self.value

    @property
    def text(self) -> str | None:
        """The text that stands here, empty for nothing, None for anything else."""
        if self.value is None:
            return ""
        return self.value if isinstance(self.value, str) else None

    def is_one_of(self, allowed: Collection[str]) -> bool:
        """Tell whether one of these texts stands here; nothing counts as the empty text."""
        return self.text is not None and self.text in allowed
