"""Pods at the edges of the Pod Security Standards, written by hand."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from sessions_spawner.policy.pod_security.system import SAFE_SYSCTLS
from tests.support.pod_manifests import NOTHING, pod_with

_FIRST: Final = "spec.initContainers[0]"
_MAIN: Final = "spec.containers[0]"
_OWN: Final = f"{_MAIN}.securityContext"
_WHOLE: Final = "spec.securityContext"
_APPARMOR: Final = 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]'
_SECCOMP: Final = 'metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]'
_NO_CONTEXTS: Final[Mapping[str, Any]] = {
    f"{_FIRST}.securityContext": None,
    f"{_MAIN}.securityContext": None,
}
# What only Linux has, which the API takes from no pod for Windows.
_WINDOWS: Final[Mapping[str, Any]] = {
    "spec.os": {"name": "windows"},
    f"{_FIRST}.securityContext": {"runAsNonRoot": True},
    _OWN: {"runAsNonRoot": True},
}
_HOST_PROCESS: Final[Mapping[str, Any]] = {
    **_WINDOWS,
    "spec.hostNetwork": True,
    f"{_WHOLE}.windowsOptions": {"hostProcess": True},
}
_PROBE: Final = {"httpGet": {"path": "/", "port": 80, "host": "other"}}
_LOCAL: Final = {"type": "Localhost", "localhostProfile": "one"}

EDGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "nothing changed": {},
    "no contexts at all": _NO_CONTEXTS,
    "empty contexts": {f"{_FIRST}.securityContext": {}, _OWN: {}, _WHOLE: {}},
    "all for the whole pod": {
        **_NO_CONTEXTS,
        _WHOLE: {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    },
    "own users": {"spec.hostUsers": False},
    "own users and root": {
        "spec.hostUsers": False,
        f"{_OWN}.runAsNonRoot": False,
        f"{_OWN}.runAsUser": 0,
    },
    "own users and an unmasked /proc": {"spec.hostUsers": False, f"{_OWN}.procMount": "Unmasked"},
    "the node's users": {"spec.hostUsers": True, f"{_OWN}.runAsUser": 0},
    "no say about users": {"spec.hostUsers": None, f"{_OWN}.runAsUser": 0},
    "the default /proc": {f"{_OWN}.procMount": "Default"},
    "for Linux": {"spec.os": {"name": "linux"}, **_NO_CONTEXTS},
    "for Windows": _WINDOWS,
    "for Windows, users open": {
        **_WINDOWS,
        _OWN: None,
        f"{_FIRST}.securityContext": None,
    },
    "host process": _HOST_PROCESS,
    "host process, said by containers": {
        **_HOST_PROCESS,
        **{
            f"{one}.securityContext.windowsOptions": {"hostProcess": True}
            for one in (_FIRST, _MAIN)
        },
    },
    "no host process": {**_WINDOWS, f"{_OWN}.windowsOptions": {"hostProcess": False}},
    "a volume without a source": {"spec.volumes[0]": {"name": "a"}},
    "a volume whose source is null": {"spec.volumes[0]": {"name": "a", "hostPath": None}},
    "no volumes": {"spec.volumes": None},
    "a folder of the node": {"spec.volumes[0]": {"name": "a", "hostPath": {"path": "/"}}},
    "ports on the node's network": {
        "spec.hostNetwork": True,
        f"{_MAIN}.ports": [{"containerPort": 80}],
    },
    "the node's network without ports": {"spec.hostNetwork": True},
    "ports": {f"{_MAIN}.ports": [{"containerPort": 80, "hostPort": 0}]},
    "a port of the node": {f"{_MAIN}.ports": [{"containerPort": 80, "hostPort": 81}]},
    "a sidecar": {f"{_FIRST}.restartPolicy": "Always"},
    "a sidecar that asks another host": {
        f"{_FIRST}.restartPolicy": "Always",
        f"{_FIRST}.startupProbe": _PROBE,
        f"{_FIRST}.lifecycle": {"preStop": _PROBE},
    },
    "a sidecar with all rights": {
        f"{_FIRST}.restartPolicy": "Always",
        f"{_FIRST}.securityContext": {"privileged": True},
    },
    "a probe of another host": {f"{_MAIN}.livenessProbe": _PROBE},
    "a probe of the pod": {f"{_MAIN}.readinessProbe": {"httpGet": {"port": 80, "host": ""}}},
    "a handler of another host": {
        f"{_MAIN}.lifecycle": {"postStart": {"tcpSocket": {"port": 80, "host": "other"}}}
    },
    "AppArmor by annotation": {_APPARMOR: "runtime/default"},
    "AppArmor off by annotation": {_APPARMOR: "unconfined"},
    "AppArmor by an empty annotation": {_APPARMOR: ""},
    "AppArmor of the node by annotation": {_APPARMOR: "localhost/one"},
    "AppArmor by field": {f"{_OWN}.appArmorProfile": _LOCAL},
    "AppArmor off by field": {f"{_WHOLE}.appArmorProfile": {"type": "Unconfined"}},
    "AppArmor off twice": {
        _APPARMOR: "unconfined",
        f"{_OWN}.appArmorProfile": {"type": "Unconfined"},
    },
    "AppArmor on for one container": {
        f"{_WHOLE}.appArmorProfile": {"type": "Unconfined"},
        f"{_OWN}.appArmorProfile": {"type": "RuntimeDefault"},
    },
    "seccomp by annotation alone": {
        _SECCOMP: "runtime/default",
        f"{_WHOLE}.seccompProfile": {"type": "RuntimeDefault"},
    },
    "seccomp off by annotation": {
        _SECCOMP: "unconfined",
        f"{_WHOLE}.seccompProfile": {"type": "Unconfined"},
    },
    "seccomp of the node": {f"{_WHOLE}.seccompProfile": _LOCAL},
    "seccomp off for the pod, on for containers": {
        f"{_WHOLE}.seccompProfile": {"type": "Unconfined"}
    },
    "seccomp off for a container": {
        f"{_WHOLE}.seccompProfile": {"type": "RuntimeDefault"},
        f"{_OWN}.seccompProfile": {"type": "Unconfined"},
    },
    "seccomp left out by one container": {f"{_OWN}.seccompProfile": NOTHING},
    "root for the pod, not for containers": {f"{_WHOLE}.runAsNonRoot": False},
    "root said by a number": {f"{_WHOLE}.runAsUser": 0},
    "an escalation that is not forbidden": {f"{_OWN}.allowPrivilegeEscalation": None},
    "capabilities in lower case": {f"{_OWN}.capabilities": {"drop": ["all"], "add": ["chown"]}},
    "capabilities twice": {f"{_OWN}.capabilities": {"drop": ["ALL", "ALL"], "add": []}},
    "a capability with odd letters": {
        f"{_OWN}.capabilities": {"drop": ["ALL"], "add": ['a "b" (c), privileged (d']}
    },
    "no capabilities": {f"{_OWN}.capabilities": None},
    "an SELinux type that is empty": {f"{_OWN}.seLinuxOptions": {"type": "", "level": "s0"}},
    "an SELinux type of engines": {f"{_WHOLE}.seLinuxOptions": {"type": "container_engine_t"}},
    "an SELinux user": {f"{_WHOLE}.seLinuxOptions": {"user": "root"}},
    **{
        f"sysctl {name}": {f"{_WHOLE}.sysctls": [{"name": name, "value": "1"}]}
        for name in (*SAFE_SYSCTLS, "net/ipv4/ping_group_range", "kernel.sem")
    },
}


def edge_pod(name: str) -> dict[str, Any]:
    """Return one of them, without the ephemeral container that no new pod may have."""
    changes = EDGES[name].items()
    pod = pod_with(
        {path: value if value is NOTHING else copy.deepcopy(value) for path, value in changes}
    )
    del pod["spec"]["ephemeralContainers"]
    return pod
