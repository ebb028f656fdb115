"""What a pod may not share with its node."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import CONTAINERS, broken


@pytest.mark.parametrize("name", ["hostNetwork", "hostPID", "hostIPC"])
def test_a_namespace_of_the_node_may_not_be_shared(name: str) -> None:
    path = f"spec.{name}"
    assert broken({path: True}, "baseline") == {("hostNamespaces", path)}
    assert broken({path: True}) == {("hostNamespaces", path)}
    assert broken({path: False}) == broken({path: None}) == set()


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_port_of_the_node_may_not_be_used(container: str) -> None:
    ports = f"{container}.ports"
    for number in (80, -1, 65536):
        path = f"{ports}[0].hostPort"
        assert broken({path: number}, "baseline") == {("hostPorts", path)}
    fine = [{"containerPort": 8080}, {"containerPort": 8081, "hostPort": 0}, {"hostPort": None}]
    assert broken({ports: fine}) == broken({ports: []}) == broken({ports: None}) == set()


def test_every_port_of_the_node_is_named() -> None:
    ports = [{"hostPort": 1}, {"containerPort": 2}, {"hostPort": 3}]
    assert broken({"spec.containers[0].ports": ports}) == {
        ("hostPorts", "spec.containers[0].ports[0].hostPort"),
        ("hostPorts", "spec.containers[0].ports[2].hostPort"),
    }


def test_on_the_nodes_network_a_port_is_the_nodes_as_the_api_will_fill_it_in() -> None:
    ports = {f"{container}.ports": [{"containerPort": 8080}, {}] for container in CONTAINERS}
    assert broken(ports) == broken({**ports, "spec.hostNetwork": False}) == set()
    assert broken({**ports, "spec.hostNetwork": True}) == {
        ("hostNamespaces", "spec.hostNetwork"),
        ("hostPorts", "spec.initContainers[0].ports[0].hostPort"),
        ("hostPorts", "spec.containers[0].ports[0].hostPort"),
    }


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("kind", ["httpGet", "tcpSocket"])
@pytest.mark.parametrize(
    "probe",
    [
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle.postStart",
        "lifecycle.preStop",
    ],
)
def test_no_other_host_may_be_probed_since_1_34(container: str, probe: str, kind: str) -> None:
    path = f"{container}.{probe}.{kind}.host"
    change = {path: "169.254.169.254"}
    assert broken(change, "baseline", "v1.34") == {("hostProbesAndHostLifecycle", path)}
    assert broken(change, "restricted", "v1.37") == {("hostProbesAndHostLifecycle", path)}
    assert broken(change, "restricted", "v1.33") == set()
    assert broken({path: ""}) == broken({path: None}) == set()


@pytest.mark.parametrize(
    "probe",
    [
        {"grpc": {"port": 1, "service": "elsewhere"}},
        {"exec": {"command": ["true"]}},
        {"httpGet": {"port": 80, "httpHeaders": [{"name": "Host", "value": "elsewhere"}]}},
        {"httpGet": None, "tcpSocket": {}},
        None,
    ],
)
def test_other_probes_are_fine(probe: Any) -> None:
    assert broken({"spec.containers[0].livenessProbe": probe}) == set()


@pytest.mark.parametrize("where", ["spec", *CONTAINERS])
def test_no_windows_container_may_be_a_process_of_the_node(where: str) -> None:
    path = f"{where}.securityContext.windowsOptions.hostProcess"
    assert broken({path: True}, "baseline") == {("windowsHostProcess", path)}
    assert broken({path: True}, "restricted", "v1.0") == {("windowsHostProcess", path)}
    assert broken({path: False}) == broken({path: None}) == set()
    assert broken({path.removesuffix(".hostProcess"): {}}) == set()
