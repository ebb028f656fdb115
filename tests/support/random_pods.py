"""Pods made by chance from a seed: nearly all of them valid, most of them not secure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from tests.support.pod_manifests import CONTEXT

Pod = dict[str, Any]
# Field → the values that it may get; `ABSENT` takes it away.
Choices = Mapping[str, tuple[Any, ...]]

ABSENT: Final = object()
_PROFILE: Final = (
    None,
    {"type": "RuntimeDefault"},
    {"type": "Localhost", "localhostProfile": "one"},
    {"type": "Unconfined"},
    ABSENT,
)
_SELINUX: Final = (
    {},
    None,
    *({"type": f"container_{kind}t"} for kind in ("", "init_", "kvm_", "engine_", "other_")),
    {"type": "spc_t", "user": "sysadm_u"},
    {"role": "sysadm_r"},
    {"level": "s0:c1", "type": ""},
)
_WINDOWS: Final = (
    {"hostProcess": False},
    {"hostProcess": True},
    {"runAsUserName": "ContainerUser"},
    None,
)
# What a pod and its containers both may say.
_BOTH: Final[Choices] = {
    "runAsNonRoot": (True, False, None, ABSENT),
    "runAsUser": (0, 1, 1000, None),
    "runAsGroup": (0, 1000),
    "seccompProfile": _PROFILE,
    "appArmorProfile": _PROFILE,
    "seLinuxOptions": _SELINUX,
    "windowsOptions": _WINDOWS,
}
_CONTAINER: Final[Choices] = {
    **_BOTH,
    "allowPrivilegeEscalation": (True, False, None, ABSENT),
    "privileged": (True, False, None),
    "readOnlyRootFilesystem": (True, False),
    "procMount": ("Default", "Unmasked", None),
    "capabilities": (
        ABSENT,
        None,
        {},
        {"drop": ["ALL"]},
        {"drop": ["all"]},
        {"drop": ["KILL", "ALL"], "add": []},
        {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        {"drop": ["ALL"], "add": ["CHOWN", "NET_BIND_SERVICE"]},
        {"add": ["NET_RAW"]},
        {"add": ["chown"]},
        {"drop": ["KILL"], "add": ["SETUID", "AUDIT_WRITE"]},
        {"add": ["SYS_ADMIN", 'a "quoted" (one), other']},
        {"add": ["ALL"], "drop": ["ALL"]},
        {"add": ["CAP_CHOWN"]},
    ),
}
_POD: Final[Choices] = {
    **_BOTH,
    "fsGroup": (0, 100),
    "sysctls": tuple(
        [{"name": name, "value": "1"} for name in names]
        for names in (
            (),
            ("kernel.shm_rmid_forced",),
            ("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout"),
            ("net.ipv4.ip_local_reserved_ports",),
            ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
            ("net.ipv4.tcp_notsent_lowat",),
            ("net/ipv4/tcp_syncookies",),
            ("kernel.msgmax", "net.ipv4.ping_group_range"),
        )
    ),
}
_ASKED: Final = {"path": "/", "port": 80}
_PROBES: Final = (
    {"httpGet": _ASKED},
    {"httpGet": {**_ASKED, "host": "127.0.0.1"}},
    {"httpGet": {**_ASKED, "host": ""}},
    {"tcpSocket": {"port": 80, "host": "other"}},
    {"tcpSocket": {"port": 80}},
    {"exec": {"command": ["true"]}},
    {"grpc": {"port": 80}},
)
_AROUND: Final[Choices] = {
    "ports": (
        [],
        [{"containerPort": 80}],
        [{"containerPort": 80, "hostPort": 0}],
        [{"containerPort": 80, "hostPort": 80}],
        [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81}],
        [{"containerPort": 80, "protocol": "UDP", "hostPort": 81}],
    ),
    "livenessProbe": _PROBES,
    "readinessProbe": _PROBES,
    "startupProbe": _PROBES,
    "lifecycle": tuple(
        {moment: handler}
        for moment in ("postStart", "preStop")
        for handler in (*_PROBES[:6], {"sleep": {"seconds": 1}})
    ),
}
_SPEC: Final[Choices] = {
    **dict.fromkeys(("hostPID", "hostIPC", "shareProcessNamespace"), (True, False, None)),
    "hostNetwork": (True, False),
    "hostUsers": (True, False, False),
    "os": ({"name": "linux"}, {"name": "windows"}),
}
_CLAIM: Final = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "1Gi"}},
}
VOLUMES: Final[tuple[Pod, ...]] = (
    {},
    {"emptyDir": {}},
    {"emptyDir": None},
    {"hostPath": None, "emptyDir": {}},
    {"hostPath": {"path": "/", "type": ""}},
    {"secret": {"secretName": "one"}},
    {"configMap": {"name": "one"}},
    {"downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}]}},
    {"projected": {"sources": [{"configMap": {"name": "one"}}]}},
    {"projected": {}},
    {"csi": {"driver": "one"}},
    {"ephemeral": {"volumeClaimTemplate": {"spec": _CLAIM}}},
    {"persistentVolumeClaim": {"claimName": "one"}},
    {"image": {"reference": "busybox"}},
    {"nfs": {"server": "one", "path": "/"}},
    {"gitRepo": {"repository": "one"}},
    {"awsElasticBlockStore": {"volumeID": "one"}},
    {"gcePersistentDisk": {"pdName": "one"}},
    {"azureFile": {"secretName": "one", "shareName": "one"}},
    {"azureDisk": {"diskName": "one", "diskURI": "https://blob/one.vhd", "kind": "Dedicated"}},
    {"cephfs": {"monitors": ["one"]}},
    {"cinder": {"volumeID": "one"}},
    {"fc": {"targetWWNs": ["one"], "lun": 1}},
    {"flexVolume": {"driver": "one/one"}},
    {"flocker": {"datasetName": "one"}},
    {"glusterfs": {"endpoints": "one", "path": "one"}},
    {"iscsi": {"targetPortal": "1.2.3.4:80", "iqn": "iqn.2000-01.a.b:c", "lun": 0}},
    {"photonPersistentDisk": {"pdID": "one"}},
    {"portworxVolume": {"volumeID": "one"}},
    {"quobyte": {"registry": "one:1", "volume": "one"}},
    {"rbd": {"monitors": ["one"], "image": "one"}},
    {"scaleIO": {"gateway": "https://one", "system": "a", "volumeName": "b", "secretRef": {}}},
    {"storageos": {"volumeName": "one"}},
    {"vsphereVolume": {"volumePath": "one"}},
)
_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP: Final = "seccomp.security.alpha.kubernetes.io/"
_NOTES: Final = (
    *((f"{_APPARMOR}c0", value) for value in ("runtime/default", "localhost/one", "unconfined")),
    (f"{_APPARMOR}c0", ""),
    *(
        (key, value)
        for key in (f"{_SECCOMP}pod", f"container.{_SECCOMP}c0", f"container.{_SECCOMP}nobody")
        for value in ("runtime/default", "docker/default", "localhost/one", "unconfined")
    ),
)


def random_pods(seed: int, number: int) -> Iterator[Pod]:
    """Give so many pods, the same ones for the same seed."""
    chance = Random(seed)
    for count in range(number):
        yield _pod(chance, f"pod-{count}")


def random_ephemeral(seed: int, number: int) -> Iterator[Pod]:
    """Give so many ephemeral containers."""
    chance = Random(seed)
    for count in range(number):
        yield _container(chance, f"late-{count}", {})


def _pod(chance: Random, name: str) -> Pod:
    is_strict = chance.random() < 0.5
    spec: Pod = {"containers": []}
    for place in range(chance.choice((1, 1, 2))):
        spec["containers"].append(_container(chance, f"c{place}", _AROUND, is_strict))
    if chance.random() < 0.4:
        spec["initContainers"] = [_first(chance, is_strict)]
    if chance.random() < 0.5:
        picked = chance.sample(VOLUMES, chance.choice((1, 1, 2)))
        spec["volumes"] = [{"name": f"v{at}", **one} for at, one in enumerate(picked)]
    _change(spec, _SPEC, chance, chance.choice((0, 0, 1, 2)))
    if "Unmasked" in str(spec["containers"]) or spec.get("hostUsers") is False:
        # A user namespace, without which the one and with which the others are not valid.
        spec = {**spec, "hostUsers": False, "hostPID": None, "hostIPC": None, "hostNetwork": False}
    context: Any = {"runAsNonRoot": True} if chance.random() < 0.3 else {}
    _change(context, _POD, chance, chance.choice((0, 1, 2)))
    spec["securityContext"] = context or None
    notes = dict(chance.sample(_NOTES, chance.choice((0, 0, 0, 1, 2))))
    metadata = {"name": name, "annotations": notes}
    return copy.deepcopy({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})


def _first(chance: Random, is_strict: bool) -> Pod:
    """Return an init container, or a sidecar, which alone may have probes."""
    if chance.random() < 0.5:
        return _container(chance, "first", {}, is_strict)
    return {**_container(chance, "side", _AROUND, is_strict), "restartPolicy": "Always"}


def _container(chance: Random, name: str, around: Choices, is_strict: bool = True) -> Pod:
    container: Pod = {"name": name, "image": "busybox"}
    context: Pod = copy.deepcopy(CONTEXT) if is_strict or chance.random() < 0.3 else {}
    _change(context, _CONTAINER, chance, chance.choice((0, 0, 1, 1, 2, 3)))
    container["securityContext"] = context or None
    _change(container, around, chance, chance.choice((0, 0, 1, 2)) if around else 0)
    return container


def _change(thing: Pod, choices: Choices, chance: Random, number: int) -> None:
    """Give some fields another value."""
    for name in chance.sample(sorted(choices), number):
        value = chance.choice(choices[name])
        if value is ABSENT:
            thing.pop(name, None)
        else:
            thing[name] = value
