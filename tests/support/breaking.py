"""Breaks a cluster of the tests' own: freezes its programs, stops them and starts them again."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from tests.support.kubectl import Kubectl
from tests.support.waiting import wait_for
from tools.cluster.node_files import PAUSE_IMAGE
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


@contextmanager
def away(
    folder: Path,
    kubectl: Kubectl,
    how: Callable[[Path, str], AbstractContextManager[None]] = stopped,
    at_once: Callable[[], object] = lambda: None,
) -> Iterator[None]:
    """Have no API server for the time of a block, and a cluster that takes pods again after it.

    Its controllers end with it, as they do where they elect a leader, and the kubelet is started
    anew afterwards: they ask again less and less often, and for a minute the node would be taken
    for lost. `how` is `stopped` or `frozen`; `at_once` is called as soon as the API server answers
    again.
    """
    with stopped(folder, "kube-scheduler"), stopped(folder, "kube-controller-manager"):
        with how(folder, "kube-apiserver"):
            yield
        before = wait_for(lambda: _renewed(kubectl), seconds=60, what="the API server")
        at_once()
        with stopped(folder, "kubelet"):
            pass
        is_new = lambda: _renewed(kubectl) not in ("", before)  # noqa: E731
        wait_for(is_new, seconds=60, every=0.2, what="the kubelet")
    _wait_for_pods(kubectl)


def _renewed(kubectl: Kubectl) -> str:
    """Return when the node's kubelet last told that it lives; empty while nobody answers."""
    try:
        lease = kubectl.within("kube-node-lease").get(f"lease/{NODE}")
    except (AssertionError, subprocess.TimeoutExpired):
        return ""
    return str(lease["spec"]["renewTime"])


def _wait_for_pods(kubectl: Kubectl) -> None:
    """Wait until a pod runs that is made now."""
    system = kubectl.within("kube-system")
    name = f"probe-{secrets.token_hex(4)}"
    container = {"name": "main", "image": PAUSE_IMAGE, "imagePullPolicy": "Never"}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
    system.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})
    runs = lambda: system.get(f"pod/{name}")["status"]["phase"] == "Running"  # noqa: E731
    wait_for(runs, seconds=90, every=0.2, what="the node to take pods")
    system("delete", f"pod/{name}", "--wait=false")


@contextmanager
def simulated_nodes(kubectl: Kubectl, number: int = 3) -> Iterator[None]:
    """Have nodes without a machine beside the real one.

    With one node alone, the cluster takes a silent one for its own fault and takes no pod away.
    """
    names = [f"simulated-{n}" for n in range(number)]
    leases = kubectl.within("kube-node-lease")
    kubectl.create(*map(_make_node, names))
    is_over = Event()

    def renew() -> None:
        while not is_over.wait(1):
            body = {"apiVersion": "v1", "kind": "List", "items": [*map(_make_lease, names)]}
            leases("apply", "--server-side", "--filename=-", given=json.dumps(body))

    renewing = Thread(target=renew)
    renewing.start()
    try:
        yield
    finally:
        is_over.set()
        renewing.join()
        kubectl("delete", "node", *names)
        leases("delete", "lease", "--ignore-not-found", *names)


def _make_node(name: str) -> dict[str, object]:
    # Nobody's pods are to come to it.
    taint = {"key": "simulated", "value": "yes", "effect": "NoSchedule"}
    ready = {"type": "Ready", "status": "True", "reason": "Simulated"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "spec": {"taints": [taint]},
        "status": {"conditions": [ready]},
    }


def _make_lease(name: str) -> dict[str, object]:
    """Return what tells the cluster that a node lives now."""
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": name},
        "spec": {"holderIdentity": name, "leaseDurationSeconds": 4, "renewTime": now},
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
