"""The user that containers run as."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, NOTHING, broken

# Values of hostUsers that are not the false which a user namespace needs.
NOT_FALSE: tuple[Any, ...] = (True, None, "false", 0, [])
WHOLE = "spec.securityContext.runAsNonRoot"


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", [False, None, NOTHING])
def test_a_container_must_not_be_root_at_restricted(container: str, value: Any) -> None:
    path = f"{container}.securityContext.runAsNonRoot"
    assert broken({path: value}, "restricted", "v1.0") == {("runAsNonRoot", path)}
    assert broken({path: value}) == {("runAsNonRoot", path)}
    assert broken({path: value}, "baseline") == set()


def test_the_pods_word_is_enough_for_containers_that_say_nothing() -> None:
    quiet: dict[str, Any] = {f"{where}.securityContext.runAsNonRoot": None for where in CONTAINERS}
    assert broken({**quiet, WHOLE: True}) == set()
    path = "spec.containers[0].securityContext.runAsNonRoot"
    assert broken({**quiet, WHOLE: True, path: False}) == {("runAsNonRoot", path)}


def test_the_pod_may_not_say_otherwise_even_if_every_container_is_right() -> None:
    assert broken({WHOLE: False}) == {("runAsNonRoot", WHOLE)}
    assert broken({WHOLE: None}) == set()


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
def test_root_may_not_be_named_at_restricted_since_1_23(where: str) -> None:
    path = f"{where}.securityContext.runAsUser"
    assert broken({path: 0}) == broken({path: 0}, "restricted", "v1.23") == {("runAsUser", path)}
    assert broken({path: 0}, "restricted", "v1.22") == broken({path: 0}, "baseline") == set()
    assert broken({path: 1000}) == broken({path: None}) == set()


def test_in_a_user_namespace_root_is_forgiven_since_1_35() -> None:
    user = "spec.containers[0].securityContext.runAsUser"
    change = {WHOLE: False, user: 0, "spec.hostUsers": False}
    found = {("runAsNonRoot", WHOLE), ("runAsUser", user)}
    assert broken(change, "restricted", "v1.34") == found
    assert broken(change, "restricted", "v1.35") == set()
    for value in NOT_FALSE:
        assert broken({**change, "spec.hostUsers": value}, "restricted", "v1.37") == found
