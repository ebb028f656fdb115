"""User YAML applied to a pod: merged, judged by the rules, then given what is forced."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from ..field_path import format_path
from ..refusal import Refusal
from .changes import Entry, changes_between, place_in
from .merge import OverridesRefused, merge_pod
from .patterns import Step
from .rules import Rules
from .shape import MOST_REFUSALS

BY_RULES: Final = "the administrator’s rules"


def override_pod(pod: Mapping[str, Any], patch: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Return a new pod: the given one with the user's patch and what is forced.

    Raises:
        OverridesRefused: with every place that may not be so (of a great many the first), as the
            patch writes it.
    """
    merged = merge_pod(pod, patch)
    judged = rules.judge(changes_between(pod, merged))
    if judged:
        refusals = (
            Refusal(
                format_path(place_in(patch, change.steps) or change.path),
                sentence,
                BY_RULES,
                rules.instead_of(change),
            )
            for change, sentence in judged[:MOST_REFUSALS]
        )
        raise OverridesRefused(tuple(dict.fromkeys(refusals)))
    return apply_forced(merged, rules)


def apply_forced(pod: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Return a new pod in which every forced place has its value.

    A field is made where it is missing, an entry of a list never is.
    """
    forced = deepcopy(dict(pod))
    for rule in rules.force:
        _force(forced, rule.pattern.steps, rule.value)
    return forced


def _force(holder: Any, steps: tuple[Step, ...], value: Any) -> None:
    step, *rest = steps
    if step.into == "list":
        for entry in _fitting(holder, step):
            _force(entry, tuple(rest), value)
    elif not isinstance(holder, dict):
        return
    elif not rest and value is None:
        holder.pop(step.text, None)
    elif not rest:
        holder[step.text] = deepcopy(value)
    else:
        if holder.get(step.text) is None and value is not None and rest[0].into != "list":
            holder[step.text] = {}
        _force(holder.get(step.text), tuple(rest), value)


def _fitting(entries: Any, step: Step) -> list[Any]:
    """Return the entries of a list that a step leads into."""
    found = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return [one for one in found if step.fits(Entry(0, step.by, str(one.get(step.by))))]
