"""One real cluster for all tests that ask for it, started when the first does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import chosen_database
from tests.support.bed import Bed, open_bed
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import own_namespace, product_on
from tests.support.parts import require
from tests.support.product import Product
from tests.support.waiting import wait_for


@pytest.fixture(scope="session")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """Give the running cluster; one of the tests' own ends with them."""
    with open_bed(tmp_path_factory.mktemp("cluster")) as bed:
        yield bed


@pytest.fixture(scope="session")
def cluster(bed: Bed) -> Kubectl:
    """Give the administrator's kubectl of the running cluster."""
    return bed.kubectl


@pytest.fixture(scope="session")
def programs() -> Path:
    """Give the folder with the programs of a cluster of one's own."""
    require("a cluster's programs")
    require("root")
    return Path(os.environ["SESSIONS_CLUSTER_PROGRAMS"])


@pytest.fixture
def namespace(cluster: Kubectl) -> Iterator[Kubectl]:
    """Give kubectl in a namespace of the test's own."""
    with own_namespace(cluster, "test") as namespace:
        yield namespace


# A person's sessions are pods of the test's own hub on the test's own cluster.
SETTINGS = """
c.SessionLimits.requests_per_second = None
c.SessionsLink.reconcile_seconds = 5
c.KubeSpawner.profile_list = [
    {"display_name": "Python", "slug": "python", "default": True},
    {"display_name": "No such image", "slug": "missing",
      "kubespawner_override": {"image": "localhost/sessions/nowhere:1"}},
    {"display_name": "Too large", "slug": "large",
      "kubespawner_override": {"mem_guarantee": "900G", "mem_limit": "900G"}},
    {"display_name": "Forbidden", "slug": "forbidden",
      "kubespawner_override": {"privileged": True, "allow_privilege_escalation": None}},
    {"display_name": "Misnamed", "slug": "misnamed", "kubespawner_override": {
        "extra_containers": [{"name": "Not_A_Name", "image": "localhost/sessions/session:1"}]}},
    {"display_name": "Ends at once", "slug": "ends", "kubespawner_override": {
        "cmd": ["python3", "-c", "import sys; print('boom'); sys.exit(3)"],
        "extra_pod_config": {"restartPolicy": "Never"},
        "environment": {"LEAKS": "no"}}},
]

def give_up_soon(spawner):
    if (spawner.user_options or {}).get("environment") == "large":
        spawner.start_timeout = 15

c.KubeSpawner.pre_spawn_hook = give_up_soon

async def note_what_was_made(spawner, pod):
    note = {"metadata": {"annotations": {"hook/saw": pod["spec"]["restartPolicy"]}}}
    await spawner.api.patch_namespaced_pod(spawner.pod_name, spawner.namespace, note)

c.KubeSpawner.after_pod_created_hook = note_what_was_made
c.KubeSpawner.get_pod_url = lambda spawner, pod: "http://%s:%d" % (
    next(one["ip"] for one in pod["status"]["podIPs"]), spawner.port)
c.SessionLimits.cpu, c.SessionLimits.memory = "2", "2Gi"
c.SessionOffers.secrets = {
    "warehouse": {"env": {"DB_PASSWORD": "password"}, "files": True, "groups": ["analysts"]},
    "not-there": {"env": {"GONE_KEY": "key"}},
    "ops-only": {"groups": ["ops"]},
}
c.SessionOffers.service_accounts = {"reader": {}, "ops-only": {"groups": ["ops"]}}
c.SessionOffers.labelled_accounts = True
c.SessionOffers.images = ["localhost/sessions/*"]
c.PodRules.allow = ["spec.containers[*]", "spec.volumes[*]"]
c.JupyterHub.load_groups = {"analysts": {"users": ["anna"]}}
c.JupyterHub.load_roles.append(
    {"name": "builders", "users": ["anna"],
      "scopes": ["custom:sessions:custom-image", "custom:sessions:pod-spec"]})
"""


@pytest.fixture(scope="session")
def service_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of the service's database; empty for SQLite's file."""
    if chosen_database() == "sqlite":
        yield ""
        return
    with request.getfixturevalue("postgresql_server").new_database() as url:
        yield url


@pytest.fixture(scope="session")
def sessions_namespace(cluster: Kubectl) -> Iterator[str]:
    """Give a namespace for sessions, which holds them to Pod Security “restricted”."""
    with own_namespace(cluster, "sessions", "restricted") as namespace:
        yield namespace.namespace


@pytest.fixture(scope="session")
def product(
    bed: Bed,
    sessions_namespace: str,
    service_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Product]:
    """Give a product whose sessions are pods of the cluster, in a namespace of their own."""
    folder = tmp_path_factory.mktemp("product")
    with product_on(
        bed, sessions_namespace, folder, SETTINGS, database_url=service_database
    ) as product:
        yield product


@pytest.fixture
def pods(cluster: Kubectl, sessions_namespace: str, product: Product) -> Iterator[Kubectl]:
    """Give kubectl where the sessions are; afterwards all of them are over, and nothing is left."""
    pods = cluster.within(sessions_namespace)
    yield pods
    product.rest()
    # What belongs to a pod is removed by the cluster, when it comes to it.
    theirs = "pods,secrets,services --selector=jupyterhub-sessions/session"
    wait_for(
        lambda: not pods.get(theirs)["items"], seconds=60, every=0.2, what="nothing to be left"
    )
