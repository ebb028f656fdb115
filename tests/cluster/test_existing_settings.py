"""Settings of KubeSpawner that a hub has already do in a session's pod what they did before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from tests.cluster.sessions import pod_of, start
from tests.support.bed import Bed
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import own_namespace, product_on
from tests.support.product import Product

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SETTINGS = """
c.KubeSpawner.storage_pvc_ensure = True
c.KubeSpawner.volumes = [
    {{"name": "volume-{{user_server}}", "persistentVolumeClaim": {{"claimName": "{{pvc_name}}"}}}},
    {{"name": "scratch", "emptyDir": {{}}}},
]
c.KubeSpawner.volume_mounts = [
    {{"mountPath": "/home/jovyan", "name": "volume-{{user_server}}"}},
    {{"mountPath": "/scratch", "name": "scratch"}},
]
c.KubeSpawner.init_containers = [{{
    "name": "fix-owner",
    "image": "{image}",
    "command": ["sh", "-c", "echo of {{username}} > /scratch/who; chown 1000:7 /scratch/who"],
    "securityContext": {{"runAsUser": 0}},
    "volumeMounts": [{{"mountPath": "/scratch", "name": "scratch"}}],
}}]
c.KubeSpawner.extra_containers = [{{
    "name": "beside", "image": "{image}", "command": ["sleep", "infinity"],
}}]
c.KubeSpawner.lifecycle_hooks = {{
    "postStart": {{"exec": {{"command": ["touch", "/scratch/hooked"]}}}}
}}
c.KubeSpawner.environment = {{"GREETING": "hello {{username}}"}}
c.KubeSpawner.profile_list = [{{
    "display_name": "Python", "slug": "python", "default": True,
    "kubespawner_override": {{"environment": {{
        "ANSWER": "$(GREETING) of {{username}}",
        "MY_IP": {{"valueFrom": {{"fieldRef": {{"fieldPath": "status.podIP"}}}}}},
    }}}},
}}]
c.SessionOffers.images = ["localhost/sessions/*"]
c.PodRules.allow = ["spec.containers[*]"]
c.JupyterHub.load_roles.append(
    {{"name": "builders", "users": ["anna"], "scopes": ["custom:sessions:pod-spec"]}})
"""
SHOW = """
stat -c '%U:%g' /scratch/who; cat /scratch/who; ls /scratch/hooked
echo "$ANSWER"; echo "$MY_IP"; echo "$SESSIONS_NAME"; touch "$HOME/mine" && echo writes
"""


@pytest.fixture(scope="module")
def place(cluster: Kubectl) -> Iterator[Kubectl]:
    """Give kubectl in a namespace of these tests, where root may run as on most hubs."""
    with own_namespace(cluster, "existing") as namespace:
        yield namespace


@pytest.fixture(scope="module")
def product(
    bed: Bed, place: Kubectl, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product on a hub that was there before."""
    settings = SETTINGS.format(image=bed.image)
    folder = tmp_path_factory.mktemp("product")
    with product_on(bed, place.namespace, folder, settings) as product:
        yield product


@pytest.fixture
def pods(place: Kubectl, product: Product) -> Iterator[Kubectl]:
    """Give kubectl where the sessions are; afterwards all of them are over."""
    yield place
    product.rest()


def test_what_the_administrator_set_happens_in_the_pod(product: Product, pods: Kubectl) -> None:
    session = start(product, name="{username} $(HOME) $$(X)")
    name = pod_of(pods, session)
    printed = pods("exec", name, "--container=notebook", "--", "sh", "-c", SHOW).splitlines()
    assert printed[0].endswith(":7")
    assert printed[1:4] == ["of anna", "/scratch/hooked", "hello anna of anna"]
    assert printed[4] == pods.get(f"pod/{name}")["status"]["podIP"]
    assert printed[5:] == ["{username} $(HOME) $$(X)", "writes"]
    claims = [one["metadata"]["name"] for one in pods.get("persistentvolumeclaims")["items"]]
    assert len(claims) == 1


def test_a_session_starts_when_yaml_puts_another_container_before_its_own(
    product: Product, bed: Bed, pods: Kubectl
) -> None:
    first = {"name": "first", "image": bed.image, "command": ["sleep", "infinity"]}
    whole = yaml.safe_dump({"spec": {"containers": [first, {"name": "notebook"}]}})
    session = start(product, pod_spec=whole)
    containers = pods.get(f"pod/{pod_of(pods, session)}")["spec"]["containers"]
    assert [one["name"] for one in containers] == ["notebook", "first", "beside"]
