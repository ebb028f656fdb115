"""Breaks a cluster of the tests' own: freezes its programs, stops them and starts them again."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.kubectl import Kubectl
from tests.support.waiting import wait_for
from tools.cluster.place import NODE

_INSIDE = ("--mount", "--net", "--pid", "--uts", "--ipc")


@contextmanager
def frozen(folder: Path, program: str) -> Iterator[None]:
    """Have a program of the cluster in a state folder stand still for the time of a block."""
    pid = pid_of(folder, program)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def stopped(folder: Path, program: str) -> Iterator[None]:
    """Have a program of the cluster ended, and started again as it was after the block."""
    pid = pid_of(folder, program)
    argv = _read(pid, "cmdline").rstrip("\0").split("\0")
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not _pids_of(folder, program), what=f"the end of {program}")
    try:
        yield
    finally:
        launch(folder, program, argv)
        wait_for(lambda: _pids_of(folder, program), what=f"{program} to run")


def pid_of(folder: Path, program: str) -> int:
    """Return the process of a cluster's program, as this machine counts processes."""
    (pid,) = _pids_of(folder, program)
    return pid


def launch(folder: Path, program: str, argv: list[str]) -> None:
    """Start a program in the cluster's namespaces, where it ends with the cluster."""
    holder = json.loads((folder / "holder.json").read_text())["pid"]
    log = shlex.quote(str(folder / "logs" / f"{program}.log"))
    line = f"exec setsid --fork {shlex.join(argv)} >>{log} 2>&1 </dev/null"
    inside = ["nsenter", f"--target={holder}", *_INSIDE, "sh", "-c", line]
    subprocess.run(inside, check=True, capture_output=True, timeout=20)


def wait_recovered(kubectl: Kubectl) -> None:
    """Wait until the API server answers, and the node's kubelet has found it again.

    Meanwhile the node may be taken for lost: its kubelet looks for the API server seldom.
    """
    system = kubectl.within("kube-node-lease")

    def renewed() -> str:
        try:
            return str(system.get(f"lease/{NODE}")["spec"]["renewTime"])
        except (AssertionError, subprocess.TimeoutExpired):
            return ""

    before = wait_for(renewed, seconds=60, every=0.2, what="the API server")
    wait_for(lambda: renewed() not in ("", before), seconds=120, every=0.5, what="the kubelet")
    no_taint = lambda: not kubectl.get(f"node/{NODE}")["spec"].get("taints")  # noqa: E731
    wait_for(no_taint, seconds=180, every=0.5, what="the node to take pods")


@contextmanager
def simulated_nodes(folder: Path, kubectl: Kubectl, kwok: Path, number: int = 3) -> Iterator[None]:
    """Have nodes without a machine beside the real one; `kwok` is the folder of that program.

    With one node alone, the cluster takes a silent one for its own fault and takes no pod away.
    """
    names = [f"simulated-{n}" for n in range(number)]
    stages = [
        *sorted((kwok / "stages" / "node" / "fast").iterdir()),
        *sorted((kwok / "stages" / "node" / "heartbeat-with-lease").iterdir()),
    ]
    together = folder / "kwok.yaml"
    together.write_text("\n---\n".join(stage.read_text() for stage in stages))
    kubectl.create(*map(_make_node, names))
    launch(
        folder,
        "kwok",
        [
            str(kwok / "kwok"),
            f"--config={together}",
            f"--kubeconfig={kubectl.kubeconfig}",
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            "--node-lease-duration-seconds=4",
        ],
    )
    try:
        for name in names:
            kubectl.wait(f"node/{name}", "condition=Ready")
        yield
    finally:
        os.kill(pid_of(folder, "kwok"), signal.SIGKILL)
        kubectl("delete", "node", *names)


def _make_node(name: str) -> dict[str, object]:
    # Nobody's pods are to come to it.
    taint = {"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}
    annotations = {"kwok.x-k8s.io/node": "fake"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "annotations": annotations, "labels": {"type": "kwok"}},
        "spec": {"taints": [taint]},
    }


def _pids_of(folder: Path, program: str) -> list[int]:
    """Return the processes of a program that names the state folder on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            words = _read(int(entry.name), "cmdline").split("\0")
            if Path(words[0]).name == program and any(str(folder) in word for word in words[1:]):
                found.append(int(entry.name))
    return found


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
