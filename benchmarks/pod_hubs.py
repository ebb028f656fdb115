"""Two hubs beside each other on one cluster: stock KubeSpawner's, and one with our product."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from benchmarks.fake_nodes import READY_AFTER, Cluster
from benchmarks.start import OurSide, StockSide
from benchmarks.stock import StockHub
from tests.support.product import Product
from tests.support.waiting import wait_for
from tools.cluster.session_image import NAME

# Both get the same image, the same home on a claim of one's own, and no limit on starts at once.
_BOTH: Final = """
c.JupyterHub.spawner_class = "{spawner}"
c.KubeSpawner.namespace = "{namespace}"
c.KubeSpawner.image = "{image}"
c.KubeSpawner.image_pull_policy = "Never"
c.KubeSpawner.start_timeout = 300
c.KubeSpawner.http_timeout = 120
c.KubeSpawner.delete_grace_period = 1
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.args = []
"""
_STOCK: Final = """
c.KubeSpawner.cmd = ["jupyterhub-singleuser"]
c.KubeSpawner.uid = 1000
c.KubeSpawner.fs_gid = 100
c.KubeSpawner.environment = {{"HOME": "/home/jovyan"}}
c.KubeSpawner.storage_pvc_ensure = {has_claims}
c.KubeSpawner.storage_capacity = "1Gi"
c.KubeSpawner.storage_access_modes = ["ReadWriteOnce"]
if {has_claims}:
    c.KubeSpawner.volumes = [
        {{"name": "home", "persistentVolumeClaim": {{"claimName": "{{pvc_name}}"}}}}]
    c.KubeSpawner.volume_mounts = [{{"name": "home", "mountPath": "/home/jovyan"}}]
"""
_OURS: Final = """
c.KubeSpawner.profile_list = [{"display_name": "Python", "slug": "python", "default": True}]
c.SessionLimits.running = 100000
c.SessionLimits.requests_per_second = None
"""
# On simulated nodes: no scheduler between, and ready as late as the user's name says.
_SIMULATED: Final = """
import itertools
nodes = itertools.cycle({nodes})

def place(spawner):
    spawner.extra_pod_config = {{"nodeName": next(nodes)}}
    first, _, _ = spawner.user.name.partition("-")
    if first.endswith("s"):
        spawner.extra_annotations = {{"{annotation}": first}}

c.KubeSpawner.pre_spawn_hook = place
c.KubeSpawner.tolerations = [{{"key": "kwok.x-k8s.io/node", "operator": "Exists"}}]
"""


@contextmanager
def open_sides(
    cluster: Cluster, folder: Path, *, simulated: bool
) -> Iterator[tuple[StockHub, Product]]:
    """Give the running hubs, each with a namespace of its own.

    `simulated`: their pods go to the simulated nodes, and without claims on the stock side (there
    is no kubelet to mount them).
    """
    asyncio.run(_have_namespaces(cluster))
    more = _SIMULATED.format(nodes=list(cluster.nodes), annotation=READY_AFTER) if simulated else ""
    address = cluster.place.host_address
    env = {"KUBECONFIG": str(cluster.place.kubeconfig)}
    (folder / "stock").mkdir()
    (folder / "ours").mkdir()
    stock = _STOCK.format(has_claims=not simulated)
    settings = {
        name: _BOTH.format(spawner="kubespawner.KubeSpawner", namespace=name, image=NAME)
        + share
        + more
        for name, share in (("stock", stock), ("ours", _OURS))
    }
    product = Product(folder / "ours", extra=settings["ours"], address=address, env=env)
    hub = StockHub(
        folder / "stock",
        "kubespawner.KubeSpawner",
        extra=settings["stock"],
        address=address,
        env=env,
    )
    try:
        _start(product)
        yield hub, product
    finally:
        product.close()
        hub.stop()


def _start(product: Product) -> None:
    """Start the product, on a machine that has just started a cluster and another hub."""
    try:
        product.start()
    except AssertionError:
        wait_for(lambda: _is_ready(product), seconds=120, every=0.5, what="the service")


def _is_ready(product: Product) -> bool:
    try:
        return httpx.get(f"{product.base}health/ready").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


async def _have_namespaces(cluster: Cluster) -> None:
    async with cluster.api() as api:
        for name in ("stock", "ours"):
            await api.have_namespace(name)


def make_sides(hub: StockHub, product: Product, users: list[str]) -> tuple[StockSide, OurSide]:
    """Return both sides with all users known, and their tokens made."""
    hub.add_users(users)
    for user in users:
        product.token(user)
    return StockSide(hub), OurSide(product)
