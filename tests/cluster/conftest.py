"""One real cluster for all tests that ask for it, started when the first does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import chosen_database
from tests.support.kubectl import Kubectl
from tests.support.parts import require
from tests.support.product import Product
from tools.cluster.cluster import begin, end, import_image
from tools.cluster.place import find_place
from tools.cluster.session_image import NAME


@pytest.fixture(scope="session")
def programs() -> Path:
    """Give the folder with the cluster's programs."""
    require("root")
    require("a cluster's programs")
    return Path(os.environ["SESSIONS_CLUSTER_PROGRAMS"])


@pytest.fixture(scope="session")
def cluster(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """Give the administrator's kubectl of a running cluster, which ends with the tests."""
    folder = tmp_path_factory.mktemp("cluster")
    place = begin(folder, programs, ends_with_us=True)
    try:
        yield Kubectl(programs / "kubectl", place.kubeconfig)
    finally:
        end(folder)


@pytest.fixture
def namespace(cluster: Kubectl, request: pytest.FixtureRequest) -> Iterator[Kubectl]:
    """Give kubectl in a namespace of the test's own."""
    name = f"test-{abs(hash(request.node.nodeid)) % 10**8}"
    cluster("create", "namespace", name)
    cluster("wait", "serviceaccount/default", "--for=create", f"--namespace={name}")
    yield cluster.within(name)
    cluster("delete", "namespace", name, "--wait=false")


# A person's sessions are pods of the test's own hub on the test's own cluster.
SETTINGS = """
c.JupyterHub.spawner_class = "kubespawner"
c.KubeSpawner.namespace = "{namespace}"
c.KubeSpawner.image = "{image}"
c.KubeSpawner.image_pull_policy = "Never"
c.KubeSpawner.start_timeout = 90
c.KubeSpawner.delete_grace_period = 2
c.SessionLimits.requests_per_second = None
c.SessionsLink.reconcile_seconds = 5
c.KubeSpawner.profile_list = [
    {{"display_name": "Python", "slug": "python", "default": True}},
    {{"display_name": "No such image", "slug": "missing",
      "kubespawner_override": {{"image": "localhost/sessions/nowhere:1"}}}},
    {{"display_name": "Too large", "slug": "large",
      "kubespawner_override": {{"mem_guarantee": "900G", "mem_limit": "900G"}}}},
    {{"display_name": "Ends at once", "slug": "ends", "kubespawner_override": {{
        "cmd": ["python3", "-c", "import sys; print('boom'); sys.exit(3)"],
        "extra_pod_config": {{"restartPolicy": "Never"}},
        "environment": {{"LEAKS": "no"}}}}}},
]

def give_up_soon(spawner):
    if (spawner.user_options or {{}}).get("environment") == "large":
        spawner.start_timeout = 8

c.KubeSpawner.pre_spawn_hook = give_up_soon
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
def product(
    cluster: Kubectl, service_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product whose sessions are pods of the cluster, in a namespace of their own."""
    require("a session image")
    require("configurable-http-proxy")
    folder = cluster.kubeconfig.parent
    import_image(folder, Path(os.environ["SESSIONS_CLUSTER_IMAGE"]))
    place = find_place(folder)
    assert place is not None
    cluster("create", "namespace", "sessions")
    cluster("label", "namespace", "sessions", "pod-security.kubernetes.io/enforce=restricted")
    cluster("wait", "serviceaccount/default", "--for=create", "--namespace=sessions")
    settings = SETTINGS.format(namespace="sessions", image=NAME)
    product = Product(
        tmp_path_factory.mktemp("product"),
        extra=settings,
        database_url=service_database,
        address=place.host_address,
        env={"KUBECONFIG": str(cluster.kubeconfig)},
    )
    try:
        product.start()
        yield product
    finally:
        product.close()


@pytest.fixture
def pods(cluster: Kubectl, product: Product) -> Iterator[Kubectl]:
    """Give kubectl where the sessions are; afterwards all of them are over."""
    yield cluster.within("sessions")
    product.rest()
