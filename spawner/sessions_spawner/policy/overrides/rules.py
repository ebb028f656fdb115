"""The administrator's rules on user YAML: what is not allowed is refused.

- `allow` opens places, for any value or for a list of values. Nothing else may be changed.
- `deny` closes places again, whatever is allowed.
- `force` gives places their value, after all else; a user may at most say the same.
- `cap` bounds quantities and whole numbers; what is bounded cannot be removed.

Each rule is checked when it is made: one that can never match a pod is an error. Names, owners and
what else makes a pod the session's own are closed for good.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ...request.labelled_accounts import LABEL_PREFIX
from ...request.quantities import parse_quantity
from .changes import Change
from .patterns import Pattern, RuleError, parse_pattern
from .shape import check_value

_RESERVED: Final = tuple(
    parse_pattern(text)
    for text in (
        "apiVersion",
        "kind",
        *(
            f"metadata.{field}"
            for field in (
                *("name", "generateName", "namespace", "uid", "ownerReferences", "finalizers"),
                *("selfLink", "resourceVersion", "generation", "managedFields"),
                *("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"),
            )
        ),
        *(f'metadata.{field}["{LABEL_PREFIX}/*"]' for field in ("labels", "annotations")),
        'spec.containers["notebook"].name',
    )
)
_CAPPED: Final = ("quantity", "integer", "integer32")


@dataclass(frozen=True)
class Allowed:
    """Places that users may change: to one of the values, or to any where there are none."""

    pattern: Pattern
    values: tuple[Any, ...] | None = None

    def permits(self, change: Change) -> bool:
        """Tell whether a change is one of those."""
        if not self.pattern.covers(change.steps):
            return False
        return self.values is None or (not change.is_removed and change.value in self.values)


@dataclass(frozen=True)
class Cap:
    """The most that places may hold: a number, and how it was written."""

    pattern: Pattern
    most: Decimal
    text: str


@dataclass(frozen=True)
class Forced:
    """The value that places always have; None where they are always empty."""

    pattern: Pattern
    value: Any


@dataclass(frozen=True)
class Rules:
    """All rules of an administrator."""

    allow: tuple[Allowed, ...] = ()
    deny: tuple[Pattern, ...] = ()
    force: tuple[Forced, ...] = ()
    cap: tuple[Cap, ...] = ()

    def judge(self, changes: Iterable[Change]) -> tuple[tuple[Change, str], ...]:
        """Return every change that is refused, with its sentence; not what lies inside of one."""
        refused: dict[tuple[object, ...], tuple[Change, str]] = {}
        for change in changes:
            steps = change.steps
            if any(steps[:length] in refused for length in range(len(steps))):
                continue
            sentence = self._sentence(change)
            if sentence:
                refused.setdefault(steps, (change, sentence))
        return tuple(refused.values())

    def instead_of(self, change: Change) -> tuple[Any, ...]:
        """Return values that a place may have, where a change of it is refused."""
        allowing = [one for one in self.allow if one.pattern.covers(change.steps)]
        values = [value for one in allowing for value in one.values or ()]
        capped = [cap.text for cap in self.cap if _above(cap, change) and not change.is_removed]
        return tuple(dict.fromkeys((*values, *capped)))

    @property
    def closed(self) -> tuple[Pattern, ...]:
        """The places that nobody may change."""
        return (*_RESERVED, *self.deny)

    def _sentence(self, change: Change) -> str | None:
        """Return why a change is refused; None if it is not."""
        for forced in self.force:
            if forced.pattern.covers(change.steps):
                is_same = forced.pattern.is_at(change.steps) and forced.value == change.value
                return None if is_same and not change.is_removed else _FORCED
        if any(pattern.covers(change.steps) for pattern in self.closed):
            return _DENIED
        allowing = [one for one in self.allow if one.pattern.covers(change.steps)]
        if not any(one.permits(change) for one in allowing):
            return _not_permitted(change, allowing)
        return next((text for cap in self.cap if (text := _above(cap, change))), None)


_FORCED: Final = "The administrator sets this; leave it out."
_DENIED: Final = "This is closed to users; leave it out."


def _not_permitted(change: Change, allowing: Sequence[Allowed]) -> str:
    values = [value for one in allowing for value in one.values or ()]
    if values and not change.is_removed:
        return f"Choose one of: {', '.join(str(value) for value in values)}."
    what = "removed" if change.is_removed else "set"
    return f"This may not be {what} here; leave it as it is."


def _above(cap: Cap, change: Change) -> str | None:
    """Return why a change breaks a bound; None if it does not."""
    if not cap.pattern.is_at(change.steps):
        return None
    if change.is_removed:
        return f"Keep this: it has a bound of {cap.text}."
    try:
        number = parse_quantity(str(change.value))
    except ValueError as error:
        return str(error)
    if number == 0 and "limits" in change.steps:
        return "Use more than 0: to Kubernetes a limit of 0 is no limit."
    return f"Use {cap.text} or less." if number > cap.most else None


def make_rules(
    allow: Iterable[str | Mapping[str, Any]] = (),
    deny: Iterable[str] = (),
    force: Mapping[str, Any] | None = None,
    cap: Mapping[str, str | int] | None = None,
) -> Rules:
    """Return checked rules.

    An entry of `allow` is a path, or `{"path": ..., "values": [...]}`; `force` is path → value,
    with null for nothing; `cap` is path → quantity or whole number.

    Raises:
        RuleError: for the first rule that can never match, with a sentence.
    """
    denied = tuple(parse_pattern(text) for text in deny)
    return Rules(
        tuple(_allowed(entry, denied) for entry in allow),
        denied,
        tuple(_forced(text, value) for text, value in (force or {}).items()),
        tuple(_cap(text, most) for text, most in (cap or {}).items()),
    )


def _allowed(entry: str | Mapping[str, Any], denied: Sequence[Pattern]) -> Allowed:
    if isinstance(entry, str):
        entry = {"path": entry}
    if not set(entry) <= {"path", "values"} or not isinstance(entry.get("path"), str):
        raise RuleError("Write a rule of `allow` as a path, or with the keys `path` and `values`.")
    pattern = _open_pattern(entry["path"])
    if pattern.whole:
        raise RuleError(
            f"Rule ‘{pattern.text}’ can never match: ‘{pattern.whole}’ is replaced as a whole, "
            "so allow that."
        )
    closing = next((one for one in denied if one.covers_pattern(pattern)), None)
    if closing:
        raise RuleError(f"Rule ‘{pattern.text}’ can never match: ‘{closing.text}’ denies it.")
    values = entry.get("values")
    if values is None:
        return Allowed(pattern)
    if not isinstance(values, (list, tuple)) or not values or not pattern.is_value():
        raise RuleError(f"Rule ‘{pattern.text}’: give `values` as a list, for one plain field.")
    for value in values:
        _check(pattern, value)
    return Allowed(pattern, tuple(values))


@functools.lru_cache(maxsize=1024)
def _open_pattern(text: str) -> Pattern:
    """Return a pattern of places that are not reserved for the session itself."""
    pattern = parse_pattern(text)
    if any(reserved.covers_pattern(pattern) for reserved in _RESERVED):
        raise RuleError(f"Rule ‘{text}’ can never match: this belongs to the session itself.")
    return pattern


def _check(pattern: Pattern, value: Any) -> None:
    faults = check_value(value, pattern.field, ())
    if faults:
        raise RuleError(f"Rule ‘{pattern.text}’ has a wrong value: {faults[0].message}")


def _forced(text: str, value: Any) -> Forced:
    pattern = _open_pattern(text)
    last = pattern.steps[-1]
    if pattern.whole or last.into == "list":
        raise RuleError(f"Rule ‘{text}’: force a field, not an entry of a list.")
    if any(step.into == "map" and set(step.text) & set("*?[") for step in pattern.steps):
        raise RuleError(f"Rule ‘{text}’: name the key to force, without * or ?.")
    if value is not None:
        _check(pattern, value)
    return Forced(pattern, value)


def _cap(text: str, most: str | int) -> Cap:
    pattern = _open_pattern(text)
    if not pattern.is_value() or pattern.field.kind not in _CAPPED:
        raise RuleError(f"Rule ‘{text}’ can never match: only quantities and numbers have a bound.")
    try:
        return Cap(pattern, parse_quantity(str(most)), str(most))
    except ValueError as error:
        raise RuleError(f"Rule ‘{text}’ has a wrong bound: {error}") from None
