"""A product of these tests' own: with sizes, kinds, rules and an environment on other machines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.conftest import SETTINGS
from tests.support.bed import Bed
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import own_namespace, product_on
from tests.support.product import Product

_MORE = """
c.KubeSpawner.profile_list.append(
    {"display_name": "Elsewhere", "slug": "elsewhere",
      "kubespawner_override": {"node_selector": {"pool": "elsewhere"}}})
c.KubeSessionSpawner.drive_size = "1Gi"
c.SessionDrives.size_max = "4Gi"
c.SessionDrives.adoptable = ["claim-*"]
c.SessionPolicy.drive_grace_seconds = 0
c.JupyterHub.load_roles.append(
    {"name": "keepers", "users": ["admin"], "scopes": ["custom:sessions:admin"]})
"""


@pytest.fixture(scope="module")
def places(cluster: Kubectl) -> Iterator[Kubectl]:
    """Give kubectl in the namespace of these sessions and their drives."""
    with own_namespace(cluster, "drives") as namespace:
        yield namespace


@pytest.fixture(scope="module")
def keeper(
    bed: Bed, places: Kubectl, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product whose sessions run in that namespace."""
    folder = tmp_path_factory.mktemp("keeper")
    with product_on(bed, places.namespace, folder, SETTINGS + _MORE) as product:
        yield product


@pytest.fixture
def user(keeper: Product) -> Iterator[str]:
    """Give somebody without drives; afterwards all sessions are over."""
    yield keeper.new_user()
    keeper.stop_all()
