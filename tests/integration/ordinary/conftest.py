"""A product whose sessions start the ordinary way, as on systems without a fork server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.faults.world import end_what_is_left, is_hub_running, wait_nothing_left
from tests.support.parts import require
from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

SETTINGS = """
c.LocalSessionSpawner.start_method = "ordinary"
c.LocalSessionSpawner.stop_grace_seconds = 5.0
c.LocalSessionSpawner.poll_interval = 2
c.SessionsLink.reconcile_seconds = 2
SERVE = 'exec "$0" -m jupyterhub.singleuser "$@"'
c.LocalSessionSpawner.profile_list += [
    {"display_name": "Stubborn", "slug": "stubborn",
      "local_override": {"mem_limit": "2G", "executable": [
          "/bin/sh", "-c", "(trap '' TERM; exec setsid sleep 1000) & " + SERVE, sys.executable]}},
]

def give_up_soon(spawner):
    if (spawner.user_options or {}).get("environment") == "silent":
        spawner.start_timeout = 4

c.LocalSessionSpawner.pre_spawn_hook = give_up_soon
"""


@pytest.fixture(scope="module")
def module_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give the product of a module; ask for `product`, which looks after it."""
    require("configurable-http-proxy")
    folder = tmp_path_factory.mktemp("ordinary")
    try:
        with running_product(folder, extra=SETTINGS) as product:
            yield product
        wait_nothing_left(folder)
    finally:
        end_what_is_left(folder)


@pytest.fixture
def product(module_product: Product) -> Iterator[Product]:
    """Give the product; afterwards its hub runs, nothing is live, and everything agrees."""
    yield module_product
    if not is_hub_running(module_product):
        module_product.start()
    module_product.stop_all()
    wait_for(lambda: not module_product.examine(), seconds=20, what="everything to agree")
