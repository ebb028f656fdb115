"""One running product for all integration tests that ask for it, at rest after each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import chosen_database
from tests.support.parts import require
from tests.support.product import Product, running_product

# Two calls to the hub at a time let a test fill the queue; a start that will never come to
# anything is given up soon; a second service looks on with rights to read alone.
SETTINGS = """
c.SessionLimits.running = 4
c.SessionLimits.drives = 6
c.SessionLimits.requests_per_second = None
c.SessionsLink.hub_calls = 2
c.SessionsLink.reconcile_seconds = 5
c.LocalSessionSpawner.stop_grace_seconds = 2.0
c.LocalSessionSpawner.poll_interval = 2
c.JupyterHub.services.append({"name": "reader", "api_token": "reader-" + "1" * 40})
c.JupyterHub.load_roles.append({"name": "reader", "services": ["reader"], "scopes": [
    "access:services!service=sessions", "read:servers"]})
c.JupyterHub.services.append({"name": "scraper", "api_token": "scraper-" + "1" * 40})
c.JupyterHub.load_roles.append({"name": "scraper", "services": ["scraper"], "scopes": [
    "access:services!service=sessions", "read:metrics"]})

# One that never serves and is waited for long; a program that listens where the hub does already.
c.LocalSessionSpawner.profile_list += [
    {"display_name": "Never serves, for long", "slug": "patient", "local_override": {
        "executable": [sys.executable, "-c", "import time; time.sleep(600)"]}},
    {"display_name": "Port taken", "slug": "taken", "local_override": {"executable": [
        "/bin/sh", "-c", 'exec "$0" -m jupyterhub.singleuser "$@" --port=' +
        c.JupyterHub.hub_bind_url.rpartition(":")[2], sys.executable]}},
    {"display_name": "Never serves and never listens", "slug": "deaf", "local_override": {
        "executable": [sys.executable, "-c", "import signal, time; "
            "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
            "time.sleep(600)"]}},
]

# Tutors see and stop what the members of a class run; assistants only see it.
c.JupyterHub.load_groups = {name: {"users": []} for name in ("class", "tutors", "assistants")}
c.JupyterHub.load_roles.append({"name": "tutors", "groups": ["tutors"], "scopes": [
    "servers!group=class"]})
c.JupyterHub.load_roles.append({"name": "assistants", "groups": ["assistants"], "scopes": [
    "read:servers!group=class"]})
c.JupyterHub.load_groups["keepers"] = {"users": ["keeper"]}
c.JupyterHub.load_roles.append({"name": "keepers", "groups": ["keepers"], "scopes": [
    "custom:sessions:admin"]})
c.SessionOffers.billing_projects = {
    "physics": {"title": "Physics, fourth quarter", "description": "Of the whole department"},
    "keeping": {"groups": ["keepers"]}}
# What the hub's own pages show around ours.
c.JupyterHub.template_vars = {"announcement": "<b>Tonight</b> the hub restarts."}
c.SessionsPage.navigation_items = [
    {"name": "House rules", "href": "https://rules.example.org/?a=1&b"}]
c.JupyterHub.services.append(
    # The hub waits for a service until somebody answers there: its own proxy does.
    {"name": "handbook", "url": c.JupyterHub.bind_url, "display": True})

def give_up_soon(spawner):
    if (spawner.user_options or {}).get("environment") == "silent":
        spawner.start_timeout = 4

c.LocalSessionSpawner.pre_spawn_hook = give_up_soon
"""


@pytest.fixture(scope="session")
def shared_product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give the product that all tests share; ask for `product`, which looks after it."""
    require("configurable-http-proxy")
    folder = tmp_path_factory.mktemp("product")
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


@pytest.fixture
def product(shared_product: Product) -> Iterator[Product]:
    """Give the running product; afterwards its sessions are stopped, and everything agrees."""
    yield shared_product
    shared_product.rest()
