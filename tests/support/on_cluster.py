"""A product on a cluster: a namespace for its sessions, and a hub that makes its pods there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from .bed import Bed, have_image
from .kubectl import Kubectl
from .parts import require
from .product import Product

# What each of these hubs has; later lines of its settings win.
_BASICS: Final = """
c.JupyterHub.spawner_class = "kubespawner"
c.KubeSpawner.namespace = {namespace!r}
c.KubeSpawner.image = {image!r}
c.KubeSpawner.image_pull_policy = "Never"
c.KubeSpawner.start_timeout = 90
c.KubeSpawner.delete_grace_period = 1
"""


@contextmanager
def own_namespace(cluster: Kubectl, kind: str, level: str | None = None) -> Iterator[Kubectl]:
    """Give kubectl in a new namespace, called `kind` and a tail, for the time of a `with` block.

    `level` is the Pod Security level that it holds its pods to, None for none.
    """
    name = f"{kind}-{secrets.token_hex(4)}"
    cluster.create(_make_namespace(name, level))
    cluster.within(name).wait("serviceaccount/default", "create")
    try:
        yield cluster.within(name)
    finally:
        cluster("delete", "namespace", name, "--wait=false")


def _make_namespace(name: str, level: str | None) -> dict[str, Any]:
    labels = {"pod-security.kubernetes.io/enforce": level} if level else {}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


@contextmanager
def product_on(
    bed: Bed,
    namespace: str,
    folder: Path,
    settings: str,
    *,
    database_url: str = "",
    kubeconfig: Path | None = None,
) -> Iterator[Product]:
    """Run a product whose sessions are pods of a namespace, for the time of a `with` block.

    `settings` are further lines of the hub's configuration, `folder` is the product's own. The hub
    acts as the cluster's administrator, unless it is given another `kubeconfig`.
    """
    require("configurable-http-proxy")
    have_image(bed)
    product = Product(
        folder,
        extra=_BASICS.format(namespace=namespace, image=bed.image) + settings,
        database_url=database_url,
        address=bed.address,
        env={"KUBECONFIG": str(kubeconfig or bed.kubectl.kubeconfig)},
    )
    try:
        product.start()
        yield product
    finally:
        product.close()
