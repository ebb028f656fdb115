"""The kernel's interfaces that a pod may change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, broken

# Values of hostUsers that are not the false which a user namespace needs.
NOT_FALSE: tuple[Any, ...] = (True, None, "false", 0, [])


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("mount", ["Unmasked", "default", ""])
def test_proc_stays_masked(container: str, mount: str) -> None:
    path = f"{container}.securityContext.procMount"
    assert broken({path: mount}, "baseline", "v1.0") == {("procMount", path)}
    assert broken({path: mount}, "restricted", "v1.34") == {("procMount", path)}
    assert broken({path: mount}, "restricted", "v1.35") == {("procMount_restricted", path)}
    assert broken({path: "Default"}) == broken({path: None}) == set()


def test_in_a_user_namespace_baseline_allows_any_proc_since_1_35() -> None:
    path = "spec.containers[0].securityContext.procMount"
    change = {path: "Unmasked", "spec.hostUsers": False}
    assert broken(change, "baseline", "v1.34") == {("procMount", path)}
    assert broken(change, "baseline", "v1.35") == set()
    assert broken(change, "restricted", "v1.35") == {("procMount_restricted", path)}
    for value in NOT_FALSE:
        other = {**change, "spec.hostUsers": value}
        assert broken(other, "baseline", "v1.37") == {("procMount", path)}


SINCE = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_slow_start_after_idle": 37,
    "net.ipv4.tcp_notsent_lowat": 37,
}


@pytest.mark.parametrize(("name", "since"), SINCE.items())
def test_a_sysctl_is_allowed_from_the_version_that_found_it_safe(name: str, since: int) -> None:
    path = "spec.securityContext.sysctls[0].name"
    for minor in range(38):
        found = {("sysctls", path)} if minor < since else set()
        assert broken({path: name}, "baseline", f"v1.{minor}") == found


@pytest.mark.parametrize("name", ["kernel.msgmax", "net/ipv4/tcp_syncookies", "", None])
def test_every_other_sysctl_is_named(name: Any) -> None:
    sysctls = [{"name": "kernel.shm_rmid_forced", "value": "1"}, {"name": name, "value": "1"}]
    path = "spec.securityContext.sysctls"
    assert broken({path: sysctls}) == {("sysctls", f"{path}[1].name")}
    assert broken({path: []}) == broken({path: None}) == set()
