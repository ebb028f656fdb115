"""The YAML of a launch request: who may write it, and what is wrong with it in itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ..request import LaunchRequest
from .facts import Facts
from .overrides.merge import OverridesRefused
from .overrides.shape import check_patch, check_pod
from .pod_yaml import PodYaml, YamlRefused, read_pod_yaml
from .refusal import Refusal

BY_YAML: Final = "YAML"
BY_SHAPE: Final = "the fields of a pod"

POD_SPEC_RIGHT: Final = "pod-spec"
NO_RIGHT: Final = (
    "You may not customise pods; ask the administrator for the scope custom:sessions:pod-spec."
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with somebody's YAML: the place in the pod, the line (from 1), a sentence.

    `rule` says in words whose rule it is, `instead` has the values that would do.
    """

    path: str
    message: str
    line: int | None = None
    rule: str = ""
    instead: tuple[str | int | bool, ...] = ()

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = ", ".join(part for part in (line, self.path) if part)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class OwnYaml:
    """A request's YAML as it was read: a patch of the pod, or a whole one."""

    field: str
    yaml: PodYaml

    @property
    def value(self) -> dict[str, Any]:
        """The mapping that it holds."""
        return self.yaml.value

    def faults_of(self, refusals: Iterable[Refusal]) -> tuple[Fault, ...]:
        """Return refusals of places in the pod with the lines that write them."""
        return tuple(
            Fault(one.field, one.message, self._line_of(one.field), one.rule, one.instead)
            for one in refusals
        )

    def _line_of(self, place: str) -> int | None:
        """Return the line of a place, or of the nearest place above that is written."""
        while place:
            line = self.yaml.line_of(place)
            if line is not None:
                return line
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return None


class BadYaml(ValueError):
    """Somebody's YAML that cannot be taken; `field` is the request's, `faults` say why."""

    def __init__(self, field: str, faults: tuple[Fault, ...]) -> None:
        self.field = field
        self.faults = faults
        super().__init__("; ".join(str(one) for one in faults))


def read_own_yaml(request: LaunchRequest) -> OwnYaml | None:
    """Return the request's YAML; None if it has none.

    Raises:
        BadYaml: if it is no YAML of a pod.
    """
    name, text = "pod_overrides", request.pod_overrides
    if text is None:
        name, text = "pod_spec", request.pod_spec
    if text is None:
        return None
    try:
        own = OwnYaml(name, read_pod_yaml(text))
    except YamlRefused as error:
        place = ".".join(str(step) for step in error.path)
        raise BadYaml(name, (Fault(place, error.sentence, error.line, BY_YAML),)) from None
    check = check_pod if name == "pod_spec" else check_patch
    faults = own.faults_of(replace(one, rule=BY_SHAPE) for one in check(own.value))
    if faults:
        raise BadYaml(name, faults)
    return own


def refused(own: OwnYaml, error: OverridesRefused) -> BadYaml:
    """Return what was refused of a pod as faults of the YAML that changed it."""
    return BadYaml(own.field, own.faults_of(error.refusals))


def yaml_is_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse YAML of those who may write none, and what is no YAML of a pod."""
    for name in ("pod_overrides", "pod_spec"):
        is_given = getattr(request, name) is not None and facts.can_give(name)
        if is_given and POD_SPEC_RIGHT not in facts.rights:
            yield Refusal(name, NO_RIGHT)
            return
    if not (facts.can_give("pod_overrides") and facts.can_give("pod_spec")):
        return
    try:
        read_own_yaml(request)
    except BadYaml as error:
        yield Refusal(error.field, str(error))
