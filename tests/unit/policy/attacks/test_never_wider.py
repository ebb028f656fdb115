"""Whatever is patched: it is refused, or the pod that is sent opens nothing that was closed.

What holds is written here apart from how the policy finds it.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions_spawner.policy.overrides.apply import override_pod
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.overrides.references import references_of
from sessions_spawner.policy.pod_policy import judge_pod
from sessions_spawner.policy.pod_security import evaluate
from sessions_spawner.request.offers import NO_OFFERS
from sessions_spawner.request.quantities import parse_quantity
from tests.support.attacks import (
    BOUNDS,
    USERS_PREFIX,
    Attack,
    open_policy,
    read_attacks,
    rules_by_default,
)
from tests.support.random_patches import joined, patches
from tests.support.session_pods import session_pod

MADE = session_pod()
DEFAULT = rules_by_default()
POLICY = open_policy()
ATTACKS = list(read_attacks())
ALLOWED: list[dict[str, Any]] = [
    {},
    {"metadata": {"labels": {f"{USERS_PREFIX}/course": "x"}}},
    {"spec": {"nodeSelector": {"disk": "ssd"}}},
    {"spec": {"containers": [{"name": "notebook", "env": [{"name": "NEW", "value": "x"}]}]}},
    {"spec": {"containers": [{"name": "notebook", "resources": {"limits": {"cpu": "4"}}}]}},
]


def sent_by_default(patch: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pod that a patch makes by the default rules; None if it is refused."""
    try:
        return override_pod(MADE, patch, DEFAULT)
    except OverridesRefused:
        return None


def sent_where_open(patch: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pod that a patch makes where all is open that can be; None if it is refused."""
    try:
        sent = override_pod(MADE, patch, POLICY.rules)
    except OverridesRefused:
        return None
    return None if judge_pod(sent, MADE, POLICY, NO_OFFERS, "python") else sent


def named(pod: dict[str, Any]) -> set[tuple[str, str, str | None]]:
    return {
        (one.kind, one.name, one.namespace)
        for one in references_of(pod)
        # Who may set one of these is said by the rule that allows its one field.
        if one.kind not in {"Node", "Scheduler", "PriorityClass", "RuntimeClass"}
    }


def folders(pod: dict[str, Any]) -> set[str]:
    """Return what containers see of claims: claim and folder."""
    claims = {
        volume["name"]: volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["spec"].get("volumes", [])
        # One without a claim's name is refused by the API itself.
        if volume.get("persistentVolumeClaim", {}).get("claimName")
    }
    return {
        f"{claims[mount['name']]}/{mount.get('subPath', '')}"
        for container in pod["spec"]["containers"]
        for mount in container.get("volumeMounts", [])
        if mount.get("name") in claims
    }


def total(pod: dict[str, Any], resource: str) -> Decimal:
    """Return the limits of what runs beside each other and was not the administrator's."""
    containers = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    sizes = (one.get("resources", {}).get("limits", {}).get(resource, "0") for one in containers)
    return sum((parse_quantity(str(size)) for size in sizes), Decimal(0))


def own_marks(pod: dict[str, Any]) -> dict[str, str]:
    both = {**pod["metadata"].get("labels", {}), **pod["metadata"].get("annotations", {})}
    return {key: text for key, text in both.items() if key.startswith("jupyterhub-sessions/")}


def without_empty(value: Any) -> Any:
    """Return a value without empty lists and mappings in it, which say nothing."""
    if isinstance(value, dict):
        inner = {key: without_empty(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one not in ([], {})}
    return [without_empty(one) for one in value] if isinstance(value, list) else value


def closed_parts(pod: dict[str, Any]) -> dict[str, Any]:
    """Return a pod's spec without what is open by default."""
    spec = without_empty(pod["spec"])
    own, *others = spec["containers"]
    left = {key: value for key, value in own.items() if key not in ("env", "resources")}
    return {**spec, "containers": [left, *others], "nodeSelector": None}


SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW_TO_DRAW)
@given(patches(), st.sampled_from(ALLOWED))
def test_by_default_a_patch_is_refused_or_opens_nothing(
    patch: dict[str, Any], allowed: dict[str, Any]
) -> None:
    sent = sent_by_default(joined(patch, allowed))
    if sent is None:
        return
    assert evaluate(sent, "restricted") == evaluate(MADE, "restricted") == ()
    assert named(sent) == named(MADE)
    assert closed_parts(sent) == closed_parts(MADE)
    assert own_marks(sent) == own_marks(MADE)


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW_TO_DRAW)
@given(patches())
def test_where_all_is_open_a_patch_is_refused_or_the_level_and_the_references_hold(
    patch: dict[str, Any],
) -> None:
    sent = sent_where_open(patch)
    if sent is None:
        return
    assert evaluate(sent, POLICY.level) == ()
    assert named(sent) <= named(MADE)
    assert {folder.rstrip("/") for folder in folders(sent)} <= {
        *(folder.rstrip("/") for folder in folders(MADE)),
        # What is inside of a folder that is mounted whole.
        *(folder for folder in folders(sent) if folder.startswith(("drive-d1/", "library/"))),
        *(folder for folder in folders(sent) if folder.startswith("all-teams/chemistry/")),
    }
    assert own_marks(sent) == own_marks(MADE)
    assert sent["metadata"]["name"] == MADE["metadata"]["name"]
    for resource, most in BOUNDS.items():
        assert total(sent, resource) <= parse_quantity(most)
    assert "notebook" in [one["name"] for one in sent["spec"]["containers"]]


def test_the_patches_are_not_all_refused() -> None:
    """The two properties above say something only about patches that are taken."""
    counted: Counter[str] = Counter()

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW_TO_DRAW)
    @given(patches())
    def count(patch: dict[str, Any]) -> None:
        sent = sent_where_open(patch)
        counted["refused" if sent is None else "same" if sent == MADE else "changed"] += 1

    count()
    assert counted["changed"] >= 10, counted
    assert counted["refused"] >= 20, counted


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ATTACKS), st.sampled_from(ATTACKS))
def test_two_attacks_together_are_no_better_than_one(one: Attack, other: Attack) -> None:
    for patch in (joined(one.patch, other.patch), joined(other.patch, one.patch)):
        assert sent_by_default(patch) is None


@pytest.mark.parametrize("allowed", ALLOWED)
def test_what_is_allowed_beside_them_is_taken(allowed: dict[str, Any]) -> None:
    assert sent_by_default(allowed) is not None
