"""A cluster of a benchmark's own, with simulated nodes (kwok) whose pods run at once.

Their addresses lead to this machine, so that one small server answers for all of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from tools.cluster.cluster import begin, end, import_image
from tools.cluster.place import Place
from tools.cluster.programs import ensure_module, ensure_programs

NODES: Final = 4
# A pod's annotation: how long after its making it becomes ready, such as "2s".
READY_AFTER: Final = "benchmark/ready-after"
_SIMULATED: Final = "kwok.x-k8s.io/node"
_STAGES: Final = ("pod/fast", "node/fast", "node/heartbeat-with-lease")
_DELAY: Final = f"""  delay:
    durationMilliseconds: 0
    durationFrom:
      expressionFrom: '.metadata.annotations["{READY_AFTER}"]'
  next:
"""
# The test cluster takes a node for lost after 6 s without a word.
_LEASE_SECONDS: Final = 4
_CONNECTIONS: Final = 16
_NAMES_ALONE: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


@dataclass(frozen=True)
class Cluster:
    """A running cluster; `nodes` are the simulated ones."""

    place: Place
    nodes: tuple[str, ...]

    @asynccontextmanager
    async def api(self) -> AsyncIterator[Api]:
        """Give calls to the API server, as the administrator."""
        certificates = self.place.folder / "certificates"
        context = ssl.create_default_context(cafile=str(certificates / "authority.crt"))
        context.load_cert_chain(certificates / "admin.crt", certificates / "admin.key")
        connector = aiohttp.TCPConnector(ssl=context, limit=_CONNECTIONS)
        async with aiohttp.ClientSession(self.place.api, connector=connector) as client:
            yield Api(client)


class Api:
    """Plain calls to an API server."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def __call__(
        self, method: str, path: str, body: object = None, accept: str = "application/json"
    ) -> Any:
        """Return the JSON of an answer. Raises `aiohttp.ClientResponseError`."""
        kind = "merge-patch+json" if method == "PATCH" else "json"
        headers = {"Content-Type": f"application/{kind}", "Accept": accept}
        data = None if body is None else json.dumps(body).encode()
        async with self.client.request(method, path, data=data, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def have_namespace(self, name: str) -> None:
        """Make a namespace, and wait until pods can be made in it."""
        await self("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        await until(lambda: self.has(f"/api/v1/namespaces/{name}/serviceaccounts/default"))

    async def has(self, path: str) -> bool:
        """Tell whether there is such an object."""
        try:
            await self("GET", path)
        except aiohttp.ClientResponseError:
            return False
        return True

    async def count_running(self, namespace: str) -> int:
        """Return how many pods of a namespace run."""
        path = f"/api/v1/namespaces/{namespace}/pods?fieldSelector=status.phase=Running"
        return len((await self("GET", path, accept=_NAMES_ALONE))["items"])


async def until(look: Callable[[], Awaitable[bool]], every: float = 0.1) -> None:
    """Wait until something is so."""
    while not await look():  # noqa: ASYNC110 (the world has no event)
        await asyncio.sleep(every)


@contextmanager
def open_cluster(image: Path | None = None) -> Iterator[Cluster]:
    """Give a cluster with simulated nodes, which ends with the block.

    Its real node has the image of an archive, if one is given.
    """
    signal.signal(signal.SIGTERM, _leave)
    programs = Path(os.environ.get("SESSIONS_CLUSTER_PROGRAMS") or ensure_programs())
    kwok = ensure_module("kwok")
    with tempfile.TemporaryDirectory() as folder:
        seed = image.with_name("seed") if image else None
        given = seed if seed and seed.exists() else None
        place = begin(Path(folder) / "cluster", programs, seed=given, ends_with_us=True)
        simulator = None
        try:
            if image:
                import_image(place.folder, image)
            simulator = _start_kwok(place, kwok, Path(folder))
            names = tuple(f"simulated{number}" for number in range(NODES))
            cluster = Cluster(place, names)
            asyncio.run(_make_nodes(cluster))
            with _addresses_here(place):
                yield cluster
        finally:
            if simulator is not None:
                simulator.terminate()
                simulator.wait(20)
            end(place.folder)


def _leave(*_signal: object) -> None:
    """End as by Ctrl-C: what was made is removed."""
    sys.exit(1)


def pod_range(place: Place) -> str:
    """Return the addresses of simulated pods, in the cluster's own network."""
    return f"10.{place.block}.128.0/17"


def _start_kwok(place: Place, kwok: Path, folder: Path) -> subprocess.Popen[bytes]:
    stages = [path for kind in _STAGES for path in sorted((kwok / "stages" / kind).glob("*.yaml"))]
    texts = [
        path.read_text().replace("  next:\n", _DELAY)
        if path.name == "pod-ready.yaml"
        else path.read_text()
        for path in stages
    ]
    (folder / "kwok.yaml").write_text("---\n".join(texts))
    with (place.logs / "kwok.log").open("ab") as log:
        return subprocess.Popen(
            [
                kwok / "kwok",
                f"--config={folder / 'kwok.yaml'}",
                f"--kubeconfig={place.kubeconfig}",
                f"--manage-nodes-with-annotation-selector={_SIMULATED}=fake",
                f"--node-lease-duration-seconds={_LEASE_SECONDS}",
                f"--cidr={pod_range(place)}",
                "--v=WARN",
            ],
            stdout=log,
            stderr=log,
        )


async def _make_nodes(cluster: Cluster) -> None:
    async with cluster.api() as api:
        for name in cluster.nodes:
            taint = {"key": _SIMULATED, "value": "fake", "effect": "NoSchedule"}
            metadata = {"name": name, "annotations": {_SIMULATED: "fake"}}
            await api("POST", "/api/v1/nodes", {"metadata": metadata, "spec": {"taints": [taint]}})
        await until(lambda: _are_ready(api))


async def _are_ready(api: Api) -> bool:
    nodes = (await api("GET", "/api/v1/nodes"))["items"]
    conditions = [one["status"].get("conditions", ()) for one in nodes]
    ready = [
        any(one["type"] == "Ready" and one["status"] == "True" for one in of_one)
        for of_one in conditions
    ]
    return all(ready)


@contextmanager
def _addresses_here(place: Place) -> Iterator[None]:
    """Have this machine answer for all addresses of simulated pods."""
    route = ("local", pod_range(place), "dev", "lo")
    subprocess.run(["ip", "route", "add", *route], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "route", "delete", *route], check=True)


async def at_once(calls: Iterator[Callable[[], Awaitable[object]]]) -> None:
    """Make calls, as many at a time as there are connections."""

    async def work() -> None:
        for call in calls:
            await call()

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))


def make_pod(name: str, node: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a pod as large as a session's: 25 variables, a drive, a folder, a helper."""
    variables = [{"name": f"JUPYTERHUB_NAME_{n}", "value": "x" * 60} for n in range(25)]
    mounts = [
        {"name": "drive-0", "mountPath": "/home/jovyan"},
        {"name": "scratch", "mountPath": "/scratch"},
    ]
    sizes = {
        "limits": {"cpu": "2", "memory": "4Gi"},
        "requests": {"cpu": "100m", "memory": "512Mi"},
    }
    security = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    notebook = {
        "name": "notebook",
        "image": "registry.example.org/sessions/session:2026.11",
        "args": ["jupyterhub-singleuser"],
        "env": variables,
        "ports": [{"containerPort": 8888, "name": "notebook-port", "protocol": "TCP"}],
        "resources": sizes,
        "securityContext": security,
        "volumeMounts": mounts,
    }
    annotations = {
        "hub.jupyter.org/username": name,
        "jupyterhub-sessions/request": "0" * 64,
        "jupyterhub-sessions/name": "my experiment",
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": dict(labels), "annotations": annotations},
        "spec": {
            "nodeName": node,
            "restartPolicy": "OnFailure",
            "automountServiceAccountToken": False,
            "containers": [notebook],
            "tolerations": [{"key": _SIMULATED, "operator": "Exists"}],
            "volumes": [
                {"name": "drive-0", "persistentVolumeClaim": {"claimName": f"drive-{name}"}},
                {"name": "scratch", "emptyDir": {}},
            ],
        },
    }
