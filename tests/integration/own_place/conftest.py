"""A local hub and a service that it did not start, over the loopback network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import chosen_database
from tests.support.own_service import OwnService
from tests.support.parts import require
from tests.support.product import Product

SETTINGS = """
c.SessionLimits.requests_per_second = None
c.SessionsLink.reconcile_seconds = 5
c.LocalSessionSpawner.stop_grace_seconds = 2.0
"""


@pytest.fixture(scope="module")
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnService]:
    """Give a service of its own, not started yet."""
    folder = tmp_path_factory.mktemp("own-place")
    if chosen_database() == "sqlite":
        yield OwnService(folder)
        return
    with request.getfixturevalue("postgresql_server").new_database() as url:
        yield OwnService(folder, url)


@pytest.fixture(scope="module")
def product(service: OwnService) -> Iterator[Product]:
    """Give the product whose hub knows the service as an external one."""
    require("configurable-http-proxy")
    folder = service.state.parent
    product = Product(folder, extra=SETTINGS, configured=service.configured)
    try:
        service.start(product.hub_port)
        product.start()
        yield product
        product.stop_all()
    finally:
        product.close()
        service.stop()
        shutil.rmtree(folder / "state" / "drives", ignore_errors=True)
