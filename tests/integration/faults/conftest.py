"""A product of one's own for each module of faults: its hub and its other processes are killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import chosen_database
from tests.support.parts import require
from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

from .world import end_what_is_left, is_hub_running, wait_nothing_left

# `slow` serves after a while; `stubborn` leaves a program that must be killed.
# While the file `api-away` is there, the hub's API knows nothing of users' servers.
SETTINGS = """
import os
from jupyterhub.apihandlers.users import UserAPIHandler
from tornado import web
c.SessionsLink.reconcile_seconds = 2
_prepare = UserAPIHandler.prepare

async def prepare(handler):
    if os.path.exists("api-away"):
        raise web.HTTPError(503, "away, as the test wants it")
    await _prepare(handler)

UserAPIHandler.prepare = prepare
c.LocalSessionSpawner.stop_grace_seconds = 10.0
c.LocalSessionSpawner.poll_interval = 30
SERVE = 'exec "$0" -m jupyterhub.singleuser "$@"'
c.LocalSessionSpawner.profile_list += [
    {"display_name": "Slow", "slug": "slow",
      "local_override": {"executable": ["/bin/sh", "-c", "sleep 3; " + SERVE, sys.executable]}},
    {"display_name": "Stubborn", "slug": "stubborn",
      "local_override": {"executable": [
          "/bin/sh", "-c", "(trap '' TERM; exec sleep 1000) & " + SERVE, sys.executable]}},
]
"""


@pytest.fixture(scope="module")
def module_product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give the product of a module; ask for `product`, which looks after it."""
    require("configurable-http-proxy")
    folder = tmp_path_factory.mktemp("faults")
    try:
        if chosen_database() == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            with (
                server.new_database() as url,
                running_product(folder, extra=SETTINGS, database_url=url) as product,
            ):
                yield product
        else:
            with running_product(folder, extra=SETTINGS) as product:
                yield product
        wait_nothing_left(folder)
    finally:
        end_what_is_left(folder)


@pytest.fixture
def product(module_product: Product) -> Iterator[Product]:
    """Give the product; afterwards its hub runs, nothing is live, and everything agrees."""
    if not is_hub_running(module_product):
        module_product.start()
    yield module_product
    if not is_hub_running(module_product):
        module_product.start()
    module_product.stop_all()
    wait_for(lambda: not module_product.examine(), seconds=20, what="everything to agree")
    assert module_product.examine() == []
