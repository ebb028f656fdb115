"""A product of these tests' own: with sizes, kinds, rules and an environment on other machines."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.cluster.conftest import SETTINGS
from tests.support.bed import Bed, have_image
from tests.support.kubectl import Kubectl
from tests.support.parts import require
from tests.support.product import Product

_MORE = """
c.KubeSpawner.profile_list.append(
    {{"display_name": "Elsewhere", "slug": "elsewhere",
      "kubespawner_override": {{"node_selector": {{"pool": "elsewhere"}}}}}})
c.KubeSessionSpawner.drive_size = "1Gi"
c.SessionDrives.size_max = "4Gi"
c.SessionDrives.adoptable = ["claim-*"]
c.SessionPolicy.drive_grace_seconds = 0
c.JupyterHub.load_roles.append(
    {{"name": "keepers", "users": ["admin"], "scopes": ["custom:sessions:admin"]}})
"""


@pytest.fixture(scope="module")
def places(cluster: Kubectl) -> Iterator[Kubectl]:
    """Give kubectl in the namespace of these sessions and their drives."""
    name = f"drives-{secrets.token_hex(4)}"
    cluster("create", "namespace", name)
    cluster("wait", "serviceaccount/default", "--for=create", f"--namespace={name}")
    yield cluster.within(name)
    cluster("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
def keeper(
    bed: Bed, places: Kubectl, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product whose sessions run in that namespace."""
    require("configurable-http-proxy")
    have_image(bed)
    product = Product(
        tmp_path_factory.mktemp("keeper"),
        extra=(SETTINGS + _MORE).format(namespace=places.namespace, image=bed.image),
        address=bed.address,
        env={"KUBECONFIG": str(bed.kubectl.kubeconfig)},
    )
    try:
        product.start()
        yield product
    finally:
        product.close()


@pytest.fixture
def user(keeper: Product) -> Iterator[str]:
    """Give somebody without drives; afterwards all sessions are over."""
    yield keeper.new_user()
    keeper.stop_all()
