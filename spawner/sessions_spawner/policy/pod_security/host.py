"""Controls over what a pod shares with its node: namespaces, ports, probes, host processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .pod import Pod

_PROBES: Final = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def host_namespaces(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find a network, process or IPC namespace shared with the node."""
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        shared = pod.spec.at(name)
        if not (shared.is_unset or shared.is_false):
            yield shared, f"Set {name} to false, or leave it out."


def host_ports(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find ports of the node, those that the API gives a pod on its node's network as well."""
    for container in pod.containers():
        is_on_host = pod.shares_host_network and "ephemeralContainers" not in container.path
        for port in container.at("ports").each():
            given = port.at("hostPort")
            if given.number != 0:
                yield given, "Leave hostPort out: no port of the node may be used."
            elif is_on_host and port.at("containerPort").number != 0:
                yield given, "Set hostNetwork to false: with it this is a port of the node."


def host_probes(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find probes and lifecycle handlers that ask another host."""
    for container in pod.containers():
        for probe in _PROBES:
            for kind in ("httpGet", "tcpSocket"):
                asked = container.at(*probe, kind, "host")
                if not asked.is_one_of(("",)):
                    yield asked, "Leave host out: only the pod itself may be asked."


def windows_host_process(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find Windows containers that would run as processes of the node."""
    for context in pod.contexts():
        process = context.at("windowsOptions", "hostProcess")
        if not (process.is_unset or process.is_false):
            yield process, "Set hostProcess to false, or leave it out."


CONTROLS: Final = (
    Control("hostNamespaces", "baseline", host_namespaces),
    Control("hostPorts", "baseline", host_ports),
    Control("hostProbesAndHostLifecycle", "baseline", host_probes, since=34),
    Control("windowsHostProcess", "baseline", windows_host_process),
)
