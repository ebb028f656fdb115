"""The inside of a cluster's namespaces: its first process, which starts and holds the rest.

It is process 1 of a process namespace: when it ends, by whatever means, the kernel ends every
program and container of the cluster, and with the last of them go its mounts and its network.
"""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPSConnection
from pathlib import Path
from typing import Final

from . import commands
from .commands import Command
from .node_files import BRIDGE
from .place import API_PORT, NODE, Place, find_place

MANIFESTS: Final = Path(__file__).parent / "manifests"
CABLE: Final = "machine"
# The folders that the node's programs use of themselves, which lie in the state folder here.
_OWN_FOLDERS: Final = (
    "/var/lib/containerd",
    "/var/lib/kubelet",
    "/var/lib/cni",
    "/var/log/pods",
    "/var/log/containers",
)


class NotReady(Exception):
    """A part of the cluster did not come up; the message names it and its log."""


def main(folder: Path, programs: Path) -> None:
    """Start everything, say when it is ready, and collect what ends until told to end."""
    place = find_place(folder)
    if place is None:
        sys.exit("there is no cluster in this folder")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    mount_own_folders(place)
    join_network(place)
    start(place, programs)
    place.ready_note.touch()
    while True:
        _collect()


def mount_own_folders(place: Place) -> None:
    """Give the namespace an empty /run, and the node's folders a place in the state folder."""
    _run("mount", "--make-rshared", "/")
    _run("mount", "-t", "tmpfs", "tmpfs", "/run")
    for path in _OWN_FOLDERS:
        own = place.own_folder(path)
        own.mkdir(parents=True, exist_ok=True)
        Path(path).mkdir(parents=True, exist_ok=True)
        _run("mount", "--bind", str(own), path)


def join_network(place: Place) -> None:
    """Bring up this end of the cable to the machine, and the bridge of the pods."""
    wait_for(lambda: Path(f"/proc/sys/net/ipv4/conf/{CABLE}").exists(), 20, "the cable")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    for line in (
        "link set lo up",
        f"address add {place.node_address}/30 dev {CABLE}",
        f"link set {CABLE} up",
        f"route add default via {place.host_address}",
        # The plugin would make it with the first pod only.
        f"link add {BRIDGE} type bridge",
        f"address add {place.pod_gateway}/24 dev {BRIDGE}",
        f"link set {BRIDGE} up",
    ):
        _run("ip", *line.split())


def start(place: Place, programs: Path) -> None:
    """Start the cluster's programs in the order in which they need each other."""
    began = time.monotonic()
    launch(place, commands.etcd(place))
    launch(place, commands.containerd(place))
    launch(place, commands.api_server(place, programs))
    wait_for(commands.CONTAINERD_SOCKET.exists, 20, "containerd")
    pause = programs / "pause.tar"
    _run("ctr", "--namespace", "k8s.io", "images", "import", "--all-platforms", str(pause))
    wait_for(lambda: _answers(place), 60, "the API server")
    launch(place, commands.controller_manager(place, programs))
    launch(place, commands.scheduler(place, programs))
    kubectl(place, programs, "apply", "--filename", str(MANIFESTS / "node.yaml"))
    launch(place, commands.kubelet(place, programs))
    launch(place, commands.proxy(place, programs))
    kubectl(place, programs, "apply", "--filename", str((programs / "snapshots").resolve()))
    kubectl(place, programs, "apply", "--filename", str(MANIFESTS / "storage.yaml"))
    for command in commands.storage(place, programs):
        launch(place, command)
    wait_until_usable(place, programs)
    print(f"ready after {time.monotonic() - began:.1f} s", flush=True)


def wait_until_usable(place: Place, programs: Path) -> None:
    """Wait until the node takes pods that have a drive: node, account, driver."""
    driver = f"jsonpath={{.spec.drivers[0].name}}={commands.CSI_DRIVER}"
    for what, thing, state in (
        ("the node", f"node/{NODE}", "condition=Ready"),
        ("the service account", "serviceaccount/default", "create"),
        ("the CSI driver", f"csinode/{NODE}", driver),
    ):
        try:
            kubectl(place, programs, "wait", thing, f"--for={state}", "--timeout=60s")
        except subprocess.CalledProcessError as error:
            raise NotReady(f"{what} did not come up: {error.stderr.strip()}") from None


def launch(place: Place, command: Command) -> None:
    """Start a program; what it says goes to its log."""
    with (place.logs / f"{command.name}.log").open("ab") as log:
        subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **command.env},
            start_new_session=True,
        )


def kubectl(place: Place, programs: Path, *words: str) -> str:
    """Run kubectl as the administrator and return what it says."""
    ended = subprocess.run(
        [str(programs / "kubectl"), "--kubeconfig", str(place.kubeconfig), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def wait_for(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so. Raises `NotReady`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} did not come up within {seconds:.0f} s; see its log")
        time.sleep(0.05)


def _answers(place: Place) -> bool:
    certificates = place.folder / "certificates"
    context = ssl.create_default_context(cafile=str(certificates / "authority.crt"))
    context.load_cert_chain(certificates / "admin.crt", certificates / "admin.key")
    connection = HTTPSConnection(place.node_address, API_PORT, context=context, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _collect() -> None:
    """Collect one process that ended: everything without a parent comes to process 1."""
    try:
        os.wait()
    except ChildProcessError:
        time.sleep(1)


def _run(*argv: str) -> None:
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise NotReady(f"{' '.join(argv)}: {ended.stderr.strip()}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except (NotReady, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        (Path(sys.argv[1]) / "failed").write_text(said)
        sys.exit(said)
