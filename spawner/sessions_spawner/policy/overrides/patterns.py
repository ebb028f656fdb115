"""Places in pods, as the administrator's rules name them.

`spec.securityContext.fsGroup` is one field. `[*]` is any entry of a list or a mapping;
`["team-*"]` are the entries whose key fits, with `*` and `?` as in a shell: the key of a mapping,
or what tells a list's entries from each other, such as a container's name. A pattern covers its
places and everything in them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from .changes import Entry, Steps
from .pod_fields import POD, SCALARS, Field, fields_of

_STEP: Final = re.compile(
    r"(?P<dot>\.?)(?P<name>[A-Za-z][A-Za-z0-9]*)|\[(?P<any>\*)\]|\[\"(?P<key>[^\"]+)\"\]"
)


class RuleError(ValueError):
    """Why a rule cannot be one, as a sentence that names it."""


@dataclass(frozen=True)
class Step:
    """One step of a pattern: into a field by its name, or into entries whose key fits.

    `by` is the field that holds the key of a list's entries.
    """

    text: str
    into: Literal["field", "list", "map"]
    by: str | None = None

    def fits(self, step: str | Entry) -> bool:
        """Tell whether a step of a place is one of these."""
        if self.into == "field":
            return step == self.text
        key = step.key if isinstance(step, Entry) else step
        return self.text == "*" or (key is not None and fnmatchcase(key, self.text))

    def covers(self, other: Step) -> bool:
        """Tell whether each step that fits the other fits this one, as far as that is plain."""
        if self == other or not self.into == other.into != "field":
            return self == other
        is_one_key = not set(other.text) & set("*?[")
        return self.text == "*" or (is_one_key and fnmatchcase(other.text, self.text))


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern; `field` is what is at its end.

    `whole` is the list in it that is replaced as a whole, if it reaches into one.
    """

    text: str
    steps: tuple[Step, ...]
    field: Field
    whole: str | None = None

    def covers(self, steps: Steps) -> bool:
        """Tell whether a place is one of these or inside one."""
        return len(steps) >= len(self.steps) and all(
            mine.fits(step) for mine, step in zip(self.steps, steps, strict=False)
        )

    def is_at(self, steps: Steps) -> bool:
        """Tell whether a place is one of these itself."""
        return len(steps) == len(self.steps) and self.covers(steps)

    def covers_pattern(self, other: Pattern) -> bool:
        """Tell whether everything that the other covers is covered by this one."""
        return len(other.steps) >= len(self.steps) and all(
            mine.covers(step) for mine, step in zip(self.steps, other.steps, strict=False)
        )

    def is_value(self) -> bool:
        """Tell whether one plain value is at its end."""
        return self.field.shape == "one" and self.field.kind in SCALARS


@functools.lru_cache(maxsize=1024)
def parse_pattern(text: str) -> Pattern:
    """Return the pattern that a text is.

    Raises:
        RuleError: if it is none, or if no pod can have such a place.
    """
    steps: list[Step] = []
    field, done, whole = Field(POD, "one"), 0, None
    while done < len(text):
        match = _STEP.match(text, done)
        if match is None or (match["name"] and bool(match["dot"]) is (done == 0)):
            raise RuleError(f'Rule ‘{text}’: write fields as a.b, entries as [*] or ["name"].')
        if not match["name"] and field.shape == "list" and not field.merge_key:
            whole = text[:done]
        inner = _enter(field, match)
        if isinstance(inner, str):
            raise RuleError(f"Rule ‘{text}’ can never match: ‘{text[:done] or 'a pod'}’ {inner}.")
        steps.append(
            Step(match["name"] or match["any"] or match["key"], _into(field), field.merge_key)
        )
        field, done = inner, match.end()
    if not steps:
        raise RuleError("A rule cannot be empty: write a path such as spec.nodeSelector.")
    return Pattern(text, tuple(steps), field, whole)


def _into(field: Field) -> Literal["field", "list", "map"]:
    return "field" if field.shape == "one" else field.shape


def _enter(field: Field, match: re.Match[str]) -> Field | str:
    """Return the field that a step leads to, or what is wrong with the step."""
    if field.shape == "one":
        if not match["name"]:
            return "is no list and no mapping with keys of one's own"
        return fields_of(field.kind).get(match["name"]) or f"has no field ‘{match['name']}’"
    if match["name"]:
        return f'has entries: write [*] or ["{match["name"]}"]'
    if field.shape == "list" and match["key"] and not field.merge_key:
        return "has entries without a key: write [*]"
    return Field(field.kind, "one")
