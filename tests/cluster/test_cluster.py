"""The test cluster itself: pods with drives on a network of their own, and a complete end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.kubectl import Kubectl
from tests.support.waiting import wait_for
from tools.cluster.cluster import ClusterError, begin, end, is_running
from tools.cluster.node_files import PAUSE_IMAGE
from tools.cluster.place import API_PORT, find_place

pytestmark = pytest.mark.timeout(300)


def make_claim(name: str, mode: str = "ReadWriteOnce") -> dict[str, Any]:
    spec = {"accessModes": [mode], "resources": {"requests": {"storage": "1Gi"}}}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": spec,
    }


def make_pod(name: str, claim: str) -> dict[str, Any]:
    """Return a pod as sessions are: not root, in a profile, with a drive that is its own."""
    container = {
        "name": "notebook",
        "image": PAUSE_IMAGE,
        "imagePullPolicy": "Never",
        "volumeMounts": [{"name": "home", "mountPath": "/home"}],
        "resources": {"limits": {"cpu": "100m", "memory": "32Mi"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsUser": 1000,
                "runAsNonRoot": True,
                "fsGroup": 1000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "home", "persistentVolumeClaim": {"claimName": claim}}],
        },
    }


def traces_of(folder: Path, name: str) -> list[str]:
    """Return what of a cluster is left on the machine."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    links = json.loads(subprocess.check_output(["ip", "-json", "link"], text=True))
    processes = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    return [
        *(mount for mount in mounts if str(folder) in mount),
        *(link["ifname"] for link in links if link["ifname"] == name),
        *(str(path) for path in Path("/sys/fs/cgroup").glob(f"**/{name}")),
        *(line.decode() for line in processes if str(folder).encode() in line),
        *(str(path) for path in [folder] if path.exists()),
    ]


def test_a_pod_gets_its_drive_and_a_second_one_waits_for_it(namespace: Kubectl) -> None:
    namespace.create(make_claim("home", "ReadWriteOncePod"), make_pod("first", "home"))
    namespace.wait("pod/first", "condition=Ready")
    namespace.create(make_pod("second", "home"))
    state = "jsonpath={.status.conditions[0].reason}=Unschedulable"
    namespace.wait("pod/second", state)
    message = namespace.get("pod/second")["status"]["conditions"][0]["message"]
    assert "ReadWriteOncePod" in message


@pytest.mark.slow
def test_a_drive_grows_and_its_snapshot_makes_another(namespace: Kubectl) -> None:
    namespace.create(make_claim("home"), make_pod("first", "home"))
    namespace.wait("pod/first", "condition=Ready")
    larger = {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}
    namespace("patch", "pvc/home", f"--patch={json.dumps(larger)}")
    namespace.wait("pvc/home", "jsonpath={.status.capacity.storage}=2Gi")
    namespace.create(
        {
            "apiVersion": "snapshot.storage.k8s.io/v1",
            "kind": "VolumeSnapshot",
            "metadata": {"name": "then"},
            "spec": {"source": {"persistentVolumeClaimName": "home"}},
        }
    )
    namespace.wait("volumesnapshot/then", "jsonpath={.status.readyToUse}=true")
    restored = make_claim("restored")
    restored["spec"]["resources"]["requests"]["storage"] = "2Gi"
    restored["spec"]["dataSource"] = {
        "apiGroup": "snapshot.storage.k8s.io",
        "kind": "VolumeSnapshot",
        "name": "then",
    }
    namespace.create(restored, make_pod("second", "restored"))
    namespace.wait("pod/second", "condition=Ready")


def test_pod_security_is_enforced(namespace: Kubectl) -> None:
    label = "pod-security.kubernetes.io/enforce=restricted"
    namespace("label", "namespace", namespace.namespace, label)
    pod = json.dumps(make_pod("open", "home"))

    def refusal() -> str:
        try:
            namespace("create", "--dry-run=server", "--filename=-", given=pod)
        except AssertionError as refused:
            return str(refused)
        return ""

    # The admission hears of the label a moment later.
    assert "violates PodSecurity" in wait_for(refusal, what="a refusal")


@pytest.mark.slow
def test_two_clusters_run_side_by_side_and_a_killed_one_leaves_nothing(
    cluster: Kubectl, programs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "second"
    place = begin(folder, programs, ends_with_us=True)
    assert place.kubeconfig != cluster.kubeconfig
    second = Kubectl(programs / "kubectl", place.kubeconfig)
    second.create(make_claim("home"), make_pod("first", "home"))
    second.wait("pod/first", "condition=Ready")
    assert cluster.get("nodes")["items"]
    holder = json.loads((folder / "holder.json").read_text())["pid"]
    os.kill(holder, signal.SIGKILL)
    wait_for(lambda: not is_running(folder), what="the end of the holder")
    end(folder)
    wait_for(lambda: not traces_of(folder, place.name), seconds=60, what="the last trace")
    assert cluster.get("nodes")["items"]


def test_a_folder_with_something_else_in_it_is_left_alone(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ClusterError, match="name an empty folder"):
        begin(tmp_path, programs)
    end(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_running_cluster_is_not_started_again(cluster: Kubectl, programs: Path) -> None:
    with pytest.raises(ClusterError, match=r"a cluster in .* already"):
        begin(cluster.kubeconfig.parent, programs)


def test_the_database_of_the_cluster_is_not_open_to_the_machine(cluster: Kubectl) -> None:
    place = find_place(cluster.kubeconfig.parent)
    assert place is not None
    socket.create_connection((place.node_address, API_PORT), 5).close()
    with pytest.raises(OSError):  # noqa: PT011 (refused or unreachable)
        socket.create_connection((place.node_address, 2379), 5)
