"""What a session's pod may be: user YAML applied to it, and the check of what is really sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Final

from ..request.images import parse_image
from ..request.offers import Offers
from ..request.quantities import parse_quantity
from .field_path import format_path
from .overrides.apply import apply_forced, override_pod
from .overrides.merge import OverridesRefused
from .overrides.references import Reference, references_of
from .overrides.rules import Rules
from .own_yaml import OwnYaml
from .pod_security import Level, Violation, evaluate
from .refusal import Refusal
from .secret_keys import widened_secrets
from .shared_folders import widened_mounts

# What every level takes, by the last field of the place that breaks it.
_INSTEAD: Final[Mapping[str, tuple[str | int | bool, ...]]] = {
    "runAsUser": (1000,),
    "runAsNonRoot": (True,),
    "allowPrivilegeEscalation": (False,),
    "privileged": (False,),
}
# Single fields of a pod: what they may name is said by a rule that allows the field.
_BY_RULE: Final = frozenset({"PriorityClass", "RuntimeClass", "Scheduler", "Node"})
_IN_CONTAINER: Final = re.compile(r"spec\.(\w*[cC]ontainers)\[(\d+)\]")


@dataclass(frozen=True)
class PodPolicy:
    """The administrator's word on pods; see `PodRules` for the settings.

    `exempt` are environments whose own pods need not pass the level, `bounds` is resource → the
    most of it in one pod, `references` is kind → patterns of names.
    """

    level: Level = "baseline"
    version: str | None = None
    exempt: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    bounds: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def customise(pod: Mapping[str, Any], own: OwnYaml, policy: PodPolicy) -> dict[str, Any]:
    """Return the pod with somebody's YAML applied.

    A whole pod is completed by ours: what it does not write stays as it was made.

    Raises:
        OverridesRefused: with every place that may not be so.
    """
    return override_pod(pod, own.value, policy.rules)


def judge_pod(
    sent: Mapping[str, Any],
    made: Mapping[str, Any],
    policy: PodPolicy,
    offers: Offers,
    environment: str,
) -> tuple[Refusal, ...]:
    """Return what is wrong with the pod that is about to be sent.

    `made` is the pod without anybody's YAML, `offers` are those to the session's owner.
    """
    refusals = list(_break_level(sent, made, policy, environment))
    if sent != made:
        # What the administrator forces is given like what he made, not somebody's wish.
        given = apply_forced(made, policy.rules)
        refusals += _change_marks(sent, given)
        refusals += _refer(sent, given, policy, offers)
        refusals += widened_mounts(sent, given)
        refusals += widened_secrets(sent, given, offers, policy.references.get("Secret", ()))
        refusals += _exceed(sent, given, policy.bounds)
    return tuple(dict.fromkeys(refusals))


def require_fit(
    sent: Mapping[str, Any],
    made: Mapping[str, Any],
    policy: PodPolicy,
    offers: Offers,
    environment: str,
) -> None:
    """Refuse a pod that may not be sent. Raises `OverridesRefused`."""
    refusals = judge_pod(sent, made, policy, offers, environment)
    if refusals:
        raise OverridesRefused(refusals)


def _break_level(
    sent: Mapping[str, Any], made: Mapping[str, Any], policy: PodPolicy, environment: str
) -> Iterator[Refusal]:
    found = evaluate(sent, policy.level, policy.version)
    own = evaluate(made, policy.level, policy.version) if environment in policy.exempt else ()
    forgiven = [_of_whom(one, made) for one in own]
    for one in found:
        if _of_whom(one, sent) not in forgiven:
            sentence = f"not allowed by ‘{policy.level}’ ({one.control}). {one.message}"
            instead = _INSTEAD.get(one.path.rpartition(".")[2], ())
            yield Refusal(one.path, sentence, f"‘{policy.level}’", instead)


def _of_whom(one: Violation, pod: Mapping[str, Any]) -> tuple[Violation, Any]:
    """Return a violation with the container that breaks the level, as far as users may not size it.

    So no other container is forgiven what an administrator's is, and that one as it was made.
    """
    found = _IN_CONTAINER.match(one.path)
    if found is None:
        return one, None
    container = pod["spec"][found[1]][int(found[2])]
    kept = {key: value for key, value in container.items() if key not in ("env", "resources")}
    return replace(one, path=one.path[found.end() :]), kept


def _change_marks(sent: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Refusal]:
    """Give labels and annotations that the pod had, and has no more as they were.

    Services, network policies and the watch find a session by them.
    """
    for kind in ("labels", "annotations"):
        given = made.get("metadata", {}).get(kind) or {}
        kept = sent.get("metadata", {}).get(kind) or {}
        for name, text in given.items():
            if kept.get(name) != text:
                place = format_path(("metadata", kind, name))
                yield Refusal(place, "This belongs to the session; leave it out.")


def _refer(
    sent: Mapping[str, Any], made: Mapping[str, Any], policy: PodPolicy, offers: Offers
) -> Iterator[Refusal]:
    """Give what the pod names anew and is not offered; unknown and forbidden read alike."""
    known = {_key(one) for one in references_of(made)}
    claims = {name for kind, name, _ in known if kind == "PersistentVolumeClaim"}
    for one in references_of(sent):
        if _key(one) in known or one.kind in _BY_RULE:
            continue
        if one.kind == "PersistentVolumeClaim" and one.name in claims:
            continue
        if not _is_offered(one, policy, offers):
            yield Refusal(one.path, f"No {one.kind} called ‘{one.name}’ is offered to you.")


def _key(one: Reference) -> tuple[str, str, str | None]:
    return one.kind, one.name, one.namespace


def _is_offered(one: Reference, policy: PodPolicy, offers: Offers) -> bool:
    if one.namespace is not None:
        return False
    if one.kind == "Image":
        return _is_image_offered(one.name, offers)
    offered: Mapping[str, Collection[str]] = {
        "Secret": {offer.secret for offer in offers.secrets.values()},
        "ServiceAccount": set(offers.service_accounts),
    }
    patterns = policy.references.get(one.kind, ())
    named = one.name in offered.get(one.kind, ())
    return named or any(fnmatchcase(one.name, pattern) for pattern in patterns)


def _is_image_offered(name: str, offers: Offers) -> bool:
    try:
        image = parse_image(name)
    except ValueError:
        return False
    return any(pattern.fits(image) for pattern in offers.images)


def _exceed(
    sent: Mapping[str, Any], made: Mapping[str, Any], bounds: Mapping[str, str]
) -> Iterator[Refusal]:
    """Give resources of which the pod has more than one session may, its containers together."""
    unchanged = [*_containers(made)]
    changed = [
        (path, one)
        for path, one in _containers(sent)
        if one.get("name") == "notebook" or one not in (old for _, old in unchanged)
    ]
    for resource, most in bounds.items():
        total = Decimal(0)
        for path, container in changed:
            asked = _asked(container, resource)
            if _is_unlimited(container, resource) and container.get("name") != "notebook":
                place = f"{path}.resources.limits"
                yield Refusal(place, f"Give this container a limit of {resource}.")
            try:
                total += parse_quantity(str(asked or 0))
            except ValueError as error:
                yield Refusal(f"{path}.resources", str(error))
        if total > parse_quantity(most):
            sentence = f"All containers together may have {most} of {resource}; ask for less."
            yield Refusal("spec.containers", sentence)


def _is_unlimited(container: Mapping[str, Any], resource: str) -> bool:
    """Tell whether a container may take all of a resource: to Kubernetes a limit of 0 is none."""
    limit = ((container.get("resources") or {}).get("limits") or {}).get(resource)
    try:
        return limit is None or parse_quantity(str(limit)) == 0
    except ValueError:
        return False


def _containers(pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    spec = pod.get("spec") or {}
    for kind in ("containers", "initContainers"):
        for number, container in enumerate(spec.get(kind) or ()):
            yield f"spec.{kind}[{number}]", container


def _asked(container: Mapping[str, Any], resource: str) -> Any:
    """Return the limit, or what is requested where there is none; None for neither."""
    resources = container.get("resources") or {}
    for part in ("limits", "requests"):
        found = (resources.get(part) or {}).get(resource)
        if found is not None:
            return found
    return None
