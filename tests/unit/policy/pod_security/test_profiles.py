"""AppArmor profiles and SELinux labels that a pod may choose."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, broken

APPARMOR = "container.apparmor.security.beta.kubernetes.io"


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
@pytest.mark.parametrize("kind", ["Unconfined", "runtimeDefault", "runtime/default", "", None])
def test_an_apparmor_profile_may_not_switch_the_runtimes_off(where: str, kind: Any) -> None:
    path = f"{where}.securityContext.appArmorProfile.type"
    for version in ("v1.0", "v1.34"):
        assert broken({path: kind}, "baseline", version) == {("appArmorProfile", path)}
    assert broken({path: kind}) == {("appArmorProfile", path)}


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
def test_an_apparmor_profile_that_is_empty_names_no_type(where: str) -> None:
    path = f"{where}.securityContext.appArmorProfile"
    assert broken({path: {}}) == {("appArmorProfile", f"{path}.type")}
    assert broken({path: None}) == set()


@pytest.mark.parametrize("kind", ["RuntimeDefault", "Localhost"])
def test_the_runtimes_and_the_nodes_apparmor_profiles_are_fine(kind: str) -> None:
    path = "spec.containers[0].securityContext.appArmorProfile"
    assert broken({path: {"type": kind, "localhostProfile": "x"}}) == set()


@pytest.mark.parametrize("named", ["unconfined", "runtime/Default", "docker/default", "localhost"])
def test_an_apparmor_annotation_may_not_either_whether_its_container_is_there_or_not(
    named: str,
) -> None:
    for container in ("main", "nobody", ""):
        path = f'metadata.annotations["{APPARMOR}/{container}"]'
        assert broken({path: named}, "baseline", "v1.34") == {("appArmorProfile", path)}


@pytest.mark.parametrize("named", ["", None, "runtime/default", "localhost/", "localhost/mine"])
def test_other_apparmor_annotations_are_fine(named: Any) -> None:
    assert broken({f'metadata.annotations["{APPARMOR}/main"]': named}) == set()
    assert broken({f'metadata.annotations["x{APPARMOR}/main"]': "unconfined"}) == set()


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
@pytest.mark.parametrize("kind", ["spc_t", "container_runtime_t", "Container_t", "container_t "])
def test_only_types_of_containers_are_allowed(where: str, kind: str) -> None:
    path = f"{where}.securityContext.seLinuxOptions.type"
    assert broken({path: kind}, "baseline", "v1.0") == {("seLinuxOptions", path)}
    assert broken({path: kind}) == {("seLinuxOptions", path)}


def test_the_type_for_container_engines_is_allowed_since_1_31() -> None:
    path = "spec.containers[0].securityContext.seLinuxOptions.type"
    change = {path: "container_engine_t"}
    assert broken(change, "baseline", "v1.30") == {("seLinuxOptions", path)}
    assert broken(change, "restricted", "v1.31") == set()


@pytest.mark.parametrize("kind", ["", None, "container_t", "container_init_t", "container_kvm_t"])
def test_other_types_of_containers_are_allowed(kind: Any) -> None:
    options = "spec.securityContext.seLinuxOptions"
    assert broken({f"{options}.type": kind}, "restricted", "v1.0") == set()
    assert broken({options: {"level": "s0:c1,c2", "user": "", "role": None}}) == set()


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
def test_selinux_user_and_role_are_named_both(where: str) -> None:
    options = f"{where}.securityContext.seLinuxOptions"
    assert broken({options: {"user": "u", "role": "r", "type": "spc_t"}}, "baseline") == {
        ("seLinuxOptions", f"{options}.{name}") for name in ("user", "role", "type")
    }
