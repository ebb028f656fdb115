"""Seccomp profiles: by annotation up to 1.18, by field since 1.19."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, NOTHING, broken

FOR_POD = 'metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]'
FOR_CONTAINER = 'metadata.annotations["container.seccomp.security.alpha.kubernetes.io/{}"]'
BAD = ["Unconfined", "runtimeDefault", "docker/default", "", None]


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
@pytest.mark.parametrize("kind", BAD)
def test_a_profile_may_not_switch_the_runtimes_off_since_1_19(where: str, kind: Any) -> None:
    path = f"{where}.securityContext.seccompProfile.type"
    assert broken({path: kind}, "baseline", "v1.18") == set()
    assert broken({path: kind}, "restricted", "v1.18") == set()
    assert broken({path: kind}, "baseline", "v1.19") == {("seccompProfile_baseline", path)}
    assert broken({path: kind}, "restricted", "v1.19") == {("seccompProfile_restricted", path)}


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
def test_a_profile_that_is_empty_names_no_type(where: str) -> None:
    path = f"{where}.securityContext.seccompProfile"
    assert broken({path: {}}, "baseline") == {("seccompProfile_baseline", f"{path}.type")}


@pytest.mark.parametrize("value", [None, NOTHING])
def test_without_any_profile_restricted_refuses_and_baseline_does_not(value: Any) -> None:
    path = "spec.containers[0].securityContext.seccompProfile"
    assert broken({path: value}, "baseline") == set()
    assert broken({path: value}) == {("seccompProfile_restricted", f"{path}.type")}


@pytest.mark.parametrize("kind", ["RuntimeDefault", "Localhost"])
def test_the_pods_profile_is_enough_for_its_containers(kind: str) -> None:
    change: dict[str, Any] = {
        f"{where}.securityContext.seccompProfile": None for where in CONTAINERS
    }
    assert broken({**change, "spec.securityContext.seccompProfile.type": kind}) == set()


def test_a_bad_profile_of_the_pod_is_named_and_so_is_every_container_that_relies_on_it() -> None:
    own = "spec.containers[0].securityContext.seccompProfile"
    whole = "spec.securityContext.seccompProfile.type"
    assert broken({own: None, whole: "Unconfined"}) == {
        ("seccompProfile_restricted", whole),
        ("seccompProfile_restricted", f"{own}.type"),
    }


@pytest.mark.parametrize("value", ["unconfined", "runtime/Default", "localhost", "", None])
@pytest.mark.parametrize("path", [FOR_POD, *map(FOR_CONTAINER.format, ("first", "main", "late"))])
def test_an_annotation_may_not_switch_it_off_up_to_1_18(path: str, value: Any) -> None:
    change = {path: value}
    assert broken(change, "baseline", "v1.18") == {("seccompProfile_baseline", path)}
    assert broken(change, "restricted", "v1.0") == {("seccompProfile_baseline", path)}
    assert broken(change, "restricted", "v1.19") == set()


@pytest.mark.parametrize(
    "value", ["runtime/default", "docker/default", "localhost/", "localhost/x"]
)
def test_other_annotations_are_fine(value: str) -> None:
    change = {FOR_POD: value, FOR_CONTAINER.format("main"): value}
    assert broken(change, "baseline", "v1.0") == set()


def test_an_annotation_for_a_container_that_is_not_there_counts_for_nothing() -> None:
    assert broken({FOR_CONTAINER.format("nobody"): "unconfined"}, "baseline", "v1.0") == set()


def test_a_container_whose_name_is_no_text_cannot_hide_from_its_annotation() -> None:
    change = {"spec.containers[0].name": 7, FOR_CONTAINER.format("7"): "unconfined"}
    found = {("seccompProfile_baseline", "spec.containers[0].name")}
    assert broken(change, "baseline", "v1.18") == found
