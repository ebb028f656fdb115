"""The command lines of a cluster's programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .place import API_PORT, NODE, Place

KUBELET_FOLDER = Path("/var/lib/kubelet")
CONTAINERD_SOCKET = Path("/run/containerd/containerd.sock")
CSI_DRIVER = "drives.sessions.test"
CSI_SOCKET = KUBELET_FOLDER / "plugins" / CSI_DRIVER / "csi.sock"


@dataclass(frozen=True)
class Command:
    """A program of the cluster, which runs until the cluster ends."""

    name: str
    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


def etcd(place: Place) -> Command:
    """Return etcd; nothing that a test cluster holds has to outlive a power cut."""
    return Command(
        "etcd",
        (
            "etcd",
            f"--data-dir={place.folder / 'etcd'}",
            "--listen-client-urls=http://127.0.0.1:2379",
            "--advertise-client-urls=http://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--unsafe-no-fsync",
        ),
    )


def containerd(place: Place) -> Command:
    """Return containerd with the cluster's own configuration."""
    return Command("containerd", ("containerd", "--config", str(place.folder / "containerd.toml")))


def api_server(place: Place, programs: Path) -> Command:
    """Return the API server, with the admission of Pod Security and roles as real clusters."""
    certificates = place.folder / "certificates"
    return Command(
        "kube-apiserver",
        (
            str(programs / "kube-apiserver"),
            "--etcd-servers=http://127.0.0.1:2379",
            "--bind-address=0.0.0.0",
            f"--advertise-address={place.node_address}",
            f"--secure-port={API_PORT}",
            f"--service-cluster-ip-range={place.service_range}",
            # The authoriser “Node” forbids a new pod its claim for about ten seconds.
            "--authorization-mode=RBAC",
            "--enable-admission-plugins=PodSecurity",
            "--allow-privileged=true",
            # Debian's etcd 3.4 cannot say how far a watch is. A list by watch needs that, and so
            # would each watch from version 0 with bookmarks, such as kwok's of its leases.
            "--feature-gates=WatchList=false",
            f"--client-ca-file={certificates / 'authority.crt'}",
            f"--tls-cert-file={certificates / 'api-server.crt'}",
            f"--tls-private-key-file={certificates / 'api-server.key'}",
            f"--kubelet-client-certificate={certificates / 'api-server-to-kubelet.crt'}",
            f"--kubelet-client-key={certificates / 'api-server-to-kubelet.key'}",
            f"--kubelet-certificate-authority={certificates / 'authority.crt'}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--service-account-key-file={certificates / 'service-accounts.key'}",
            f"--service-account-signing-key-file={certificates / 'service-accounts.key'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--audit-policy-file={place.folder / 'audit.json'}",
            f"--audit-log-path={place.audit_log}",
        ),
    )


def controller_manager(place: Place, programs: Path) -> Command:
    """Return the controllers; they notice a lost node within seconds."""
    certificates = place.folder / "certificates"
    return Command(
        "kube-controller-manager",
        (
            str(programs / "kube-controller-manager"),
            f"--kubeconfig={certificates / 'controller-manager.kubeconfig'}",
            "--use-service-account-credentials",
            "--leader-elect=false",
            f"--root-ca-file={certificates / 'authority.crt'}",
            f"--service-account-private-key-file={certificates / 'service-accounts.key'}",
            "--node-monitor-period=1s",
            "--node-monitor-grace-period=6s",
        ),
    )


def scheduler(place: Place, programs: Path) -> Command:
    """Return the scheduler."""
    kubeconfig = place.folder / "certificates" / "scheduler.kubeconfig"
    return Command(
        "kube-scheduler",
        (
            str(programs / "kube-scheduler"),
            f"--kubeconfig={kubeconfig}",
            "--leader-elect=false",
        ),
    )


def kubelet(place: Place, programs: Path) -> Command:
    """Return the kubelet of the one node."""
    return Command(
        "kubelet",
        (
            str(programs / "kubelet"),
            f"--kubeconfig={place.folder / 'certificates' / 'kubelet.kubeconfig'}",
            f"--config={place.folder / 'kubelet.json'}",
            f"--root-dir={KUBELET_FOLDER}",
            f"--node-ip={place.node_address}",
            f"--hostname-override={NODE}",
        ),
    )


def proxy(place: Place, programs: Path) -> Command:
    """Return kube-proxy, so that Services answer."""
    return Command(
        "kube-proxy",
        (
            str(programs / "kube-proxy"),
            f"--kubeconfig={place.folder / 'certificates' / 'proxy.kubeconfig'}",
            "--proxy-mode=iptables",
            f"--hostname-override={NODE}",
            f"--cluster-cidr={place.pod_range}",
            "--conntrack-max-per-core=0",
        ),
    )


def storage(place: Place, programs: Path) -> tuple[Command, ...]:
    """Return the tests' CSI driver and the stock programs that serve it."""
    kubeconfig = f"--kubeconfig={place.kubeconfig}"
    address = f"--csi-address={CSI_SOCKET}"
    return (
        Command(
            "csi-driver",
            (
                str(programs / "drives"),
                f"--kubelet-root={KUBELET_FOLDER}",
                f"--name={CSI_DRIVER}",
                f"--node={NODE}",
                f"--folder={place.folder / 'volumes'}",
                f"--socket={CSI_SOCKET}",
            ),
        ),
        Command(
            "csi-provisioner",
            (
                str(programs / "csi-provisioner"),
                kubeconfig,
                address,
                "--extra-create-metadata",
            ),
            {"NODE_NAME": NODE, "NAMESPACE": "kube-system"},
        ),
        Command("csi-resizer", (str(programs / "csi-resizer"), kubeconfig, address)),
        Command("csi-snapshotter", (str(programs / "csi-snapshotter"), kubeconfig, address)),
        Command("snapshot-controller", (str(programs / "snapshot-controller"), kubeconfig)),
    )
