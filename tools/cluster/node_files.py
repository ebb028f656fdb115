"""The configuration files of the node: containerd, its network, the kubelet."""

from __future__ import annotations

import json
from typing import Any, Final

from .commands import CONTAINERD_SOCKET
from .place import Place

PAUSE_IMAGE = "localhost/sessions/pause:1"
BRIDGE = "pods"

_CONTAINERD = """\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "{socket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "{cni}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
"""

# Requests of service accounts, without what was in them; not of the cluster's own controllers.
_AUDIT: Final = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "None", "userGroups": ["system:serviceaccounts:kube-system"]},
        {"level": "Metadata", "userGroups": ["system:serviceaccounts"]},
        {"level": "None"},
    ],
}


def write_node_files(place: Place) -> None:
    """Write what containerd, its network plugins and the kubelet read."""
    cni = place.folder / "cni"
    cni.mkdir()
    text = _CONTAINERD.format(socket=CONTAINERD_SOCKET, pause=PAUSE_IMAGE, cni=cni)
    (place.folder / "containerd.toml").write_text(text)
    (cni / "10-pods.conflist").write_text(json.dumps(_network(place), indent=1))
    (place.folder / "kubelet.json").write_text(json.dumps(_kubelet(place), indent=1))
    (place.folder / "audit.json").write_text(json.dumps(_AUDIT, indent=1))


def _network(place: Place) -> dict[str, Any]:
    bridge = {
        "type": "bridge",
        "bridge": BRIDGE,
        "isGateway": True,
        "hairpinMode": True,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": place.pod_range}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge, ports]}


def _kubelet(place: Place) -> dict[str, Any]:
    certificates = place.folder / "certificates"
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": place.node_address,
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{place.name}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(certificates / "authority.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(certificates / "kubelet-server.crt"),
        "tlsPrivateKeyFile": str(certificates / "kubelet-server.key"),
        # Pods find Services by address: nobody answers names here.
        "resolvConf": "",
        "clusterDNS": [],
        "evictionHard": {"memory.available": "100Mi"},
        "imageGCHighThresholdPercent": 100,
        # A node that is frozen is noticed within seconds, and a slow machine's is not.
        "nodeStatusUpdateFrequency": "2s",
        "nodeLeaseDurationSeconds": 4,
        "shutdownGracePeriod": "0s",
    }
