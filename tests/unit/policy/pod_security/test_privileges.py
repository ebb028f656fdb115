"""What a container may not do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, NOTHING, broken


@pytest.mark.parametrize("container", CONTAINERS)
def test_no_container_may_be_privileged(container: str) -> None:
    path = f"{container}.securityContext.privileged"
    assert broken({path: True}, "baseline", "v1.0") == {("privileged", path)}
    assert broken({path: True}) == {("privileged", path)}
    assert broken({path: False}) == broken({path: None}) == set()


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", [True, None, NOTHING])
def test_escalation_must_be_forbidden_at_restricted_since_1_8(container: str, value: Any) -> None:
    path = f"{container}.securityContext.allowPrivilegeEscalation"
    assert broken({path: value}) == {("allowPrivilegeEscalation", path)}
    assert broken({path: value}, "restricted", "v1.8") == {("allowPrivilegeEscalation", path)}
    assert broken({path: value}, "restricted", "v1.7") == set()
    assert broken({path: value}, "baseline") == set()


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("name", ["NET_RAW", "SYS_ADMIN", "ALL", "chown", "CAP_CHOWN", "", None])
def test_only_default_capabilities_may_be_added_at_baseline(container: str, name: Any) -> None:
    added = f"{container}.securityContext.capabilities.add"
    found = {("capabilities_baseline", f"{added}[1]")}
    assert broken({added: ["CHOWN", name]}, "baseline") == found
    assert broken({added: ["CHOWN", name]}, "restricted", "v1.21") == found


def test_every_capability_of_a_runtimes_default_may_be_added_at_baseline() -> None:
    added = "spec.containers[0].securityContext.capabilities.add"
    default = [
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    ]
    assert broken({added: default}, "baseline") == set()


@pytest.mark.parametrize("container", CONTAINERS)
def test_only_low_ports_may_be_added_at_restricted_since_1_22(container: str) -> None:
    added = f"{container}.securityContext.capabilities.add"
    assert broken({added: ["NET_BIND_SERVICE"]}) == broken({added: []}) == set()
    change = {added: ["CHOWN", "NET_BIND_SERVICE", "SYS_ADMIN"]}
    assert broken(change, "restricted", "v1.22") == {
        ("capabilities_restricted", f"{added}[0]"),
        ("capabilities_restricted", f"{added}[2]"),
    }
    assert broken(change, "restricted", "v1.21") == {("capabilities_baseline", f"{added}[2]")}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", [["all"], ["KILL", "NET_RAW"], ["CAP_ALL"], [], None, NOTHING])
def test_all_capabilities_must_be_dropped_at_restricted(container: str, value: Any) -> None:
    path = f"{container}.securityContext.capabilities.drop"
    assert broken({path: value}) == {("capabilities_restricted", path)}
    assert broken({path: value}, "restricted", "v1.21") == set()
    assert broken({path: ["KILL", "ALL"]}) == set()


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_without_security_context_breaks_every_control_it_must_set(
    container: str,
) -> None:
    context = f"{container}.securityContext"
    assert broken({context: NOTHING}) == {
        ("allowPrivilegeEscalation", f"{context}.allowPrivilegeEscalation"),
        ("capabilities_restricted", f"{context}.capabilities.drop"),
        ("runAsNonRoot", f"{context}.runAsNonRoot"),
        ("seccompProfile_restricted", f"{context}.seccompProfile.type"),
    }


WINDOWS = {
    "spec.os.name": "windows",
    "spec.containers[0].securityContext": {"runAsNonRoot": True},
}


def test_windows_pods_are_exempt_from_what_only_linux_has_since_1_25() -> None:
    assert broken(WINDOWS, "restricted", "v1.25") == set()
    context = "spec.containers[0].securityContext"
    assert broken(WINDOWS, "restricted", "v1.24") == {
        ("allowPrivilegeEscalation", f"{context}.allowPrivilegeEscalation"),
        ("capabilities_restricted", f"{context}.capabilities.drop"),
        ("seccompProfile_restricted", f"{context}.seccompProfile.type"),
    }


def test_windows_pods_are_exempt_from_nothing_else() -> None:
    change = {
        **WINDOWS,
        "spec.containers[0].securityContext": {"runAsUser": 0, "privileged": True},
        "spec.volumes[1].hostPath": {"path": "/"},
    }
    assert broken(change) == {
        ("privileged", "spec.containers[0].securityContext.privileged"),
        ("restrictedVolumes", "spec.volumes[1].hostPath"),
        ("runAsNonRoot", "spec.containers[0].securityContext.runAsNonRoot"),
        ("runAsUser", "spec.containers[0].securityContext.runAsUser"),
    }


@pytest.mark.parametrize("os", ["windows", {"name": "Windows"}, {"name": ["windows"]}, None])
def test_only_the_api_s_word_makes_a_windows_pod(os: Any) -> None:
    assert {control for control, _ in broken({**WINDOWS, "spec.os": os})} == {
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "seccompProfile_restricted",
    }
