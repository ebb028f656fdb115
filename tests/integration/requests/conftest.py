"""A product with environments that have options, functions and variables of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.parts import require
from tests.support.product import Product, running_product

# A refusal is answered as one, however busy the machine is.
SETTINGS = """
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 10}
c.LocalSessionSpawner.stop_grace_seconds = 2.0
c.LocalSessionSpawner.environment = {"SITE": "here", "UNWANTED": "x"}
c.SessionPolicy.env_refused = ["LD_*"]
c.SessionOffers.billing_projects = {"physics": {}}

async def later(spawner):
    return {"WHO": spawner.user.name, "FAST": "late"}

def fails(spawner):
    raise RuntimeError("canary of the administrator's")

SIZED = {
    "display_name": "Sized", "slug": "sized",
    "kubespawner_override": {
        "mem_limit": "1G", "node_selector": {"disk": "fast"},
        "environment": {"MODE": "safe", "UNWANTED": None}},
    "profile_options": {
        "size": {"display_name": "Size", "choices": {
            "small": {},
            "large": {"kubespawner_override": {"mem_limit": "2G",
                                               "environment": {"MODE": "large"}}}}},
        "flag": {"display_name": "Flag", "choices": {"off": {}},
            "unlisted_choice": {"enabled": True, "validation_regex": "[a-z]+",
                "kubespawner_override": {"environment": {"FLAG": "is {value}"}}}}}}

def offered(spawner):
    # A folder of the test's says what is offered now.
    if os.path.exists("failing"):
        raise KeyError("canary of the administrator's")
    options = dict(SIZED["profile_options"])
    if os.path.exists("no-large"):
        options["size"] = {"display_name": "Size", "choices": {"small": {}}}
    return [*PROFILES, {**SIZED, "profile_options": options}]

PROFILES = [
    *c.LocalSessionSpawner.profile_list,
    {"display_name": "Called", "slug": "called", "kubespawner_override": {"environment": later}},
    {"display_name": "Fails", "slug": "fails", "kubespawner_override": {"mem_limit": fails}},
    {"display_name": "Greedy", "slug": "greedy",
     "kubespawner_override": {"environment": {"SESSIONS_ID": "mine"}}},
]
c.LocalSessionSpawner.profile_list = offered
"""


@pytest.fixture(scope="module")
def module_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give the product of a module; ask for `product`, which looks after it."""
    require("configurable-http-proxy")
    with running_product(tmp_path_factory.mktemp("requests"), extra=SETTINGS) as product:
        yield product


@pytest.fixture
def product(module_product: Product) -> Iterator[Product]:
    """Give the product; afterwards its sessions are stopped, and everything agrees."""
    yield module_product
    module_product.rest()
