"""What `deploy/` brings, applied beside a hub in a pod, with PostgreSQL on this machine."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.bed import Bed, have_image
from tests.support.deployed import Names, apply, find, render
from tests.support.parts import find_postgresql, require
from tests.support.postgresql_server import running_postgresql
from tests.support.product import Product, free_port
from tests.support.waiting import wait_for
from tools.bootstrap.python_packages import ensure_wheel
from tools.cluster.cluster import import_image
from tools.cluster.hub_image import NAME, ensure_hub_image

from .stand_in import Addresses, StandIn

IN_DEPLOY = "registry.example.org/jupyterhub-sessions-hub:0.1.0"


@pytest.fixture(scope="module")
def hub_image(bed: Bed) -> str:
    """Have the image of hub and service in the cluster, which has to be the tests' own."""
    folder = bed.own_folder()
    require("podman")
    given = os.environ.get("SESSIONS_CLUSTER_HUB_IMAGE")
    import_image(folder, Path(given) if given else ensure_hub_image(ensure_wheel()))
    return NAME


@pytest.fixture(scope="module")
def names(bed: Bed) -> Iterator[Names]:
    """Give the names of two namespaces, which are gone afterwards."""
    tail = secrets.token_hex(3)
    names = Names(f"hub-{tail}", f"sessions-{tail}")
    yield names
    words = [names.hub, names.sessions, "--ignore-not-found", "--wait=false"]
    bed.kubectl("delete", "namespace", *words)


@pytest.fixture(scope="module")
def database_url(bed: Bed) -> Iterator[str]:
    """Give the URL of a new PostgreSQL database as pods have it."""
    require("postgresql")
    programs = find_postgresql()
    assert programs is not None
    with running_postgresql(programs, bed.address) as server, server.new_database() as url:
        yield server.url_from_afar(url)


@pytest.fixture(scope="module")
def product(
    bed: Bed,
    names: Names,
    hub_image: str,
    database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Product]:
    """Give the product as it is deployed; its `api` and `hub` go through the proxy."""
    require("configurable-http-proxy")
    have_image(bed)
    product = Product(tmp_path_factory.mktemp("deployed"), address=bed.address)
    stand_in = StandIn(names, hub_image, bed.image, database_url)
    objects = [
        one
        for folder in ("base/sessions", "base/service")
        for one in render(bed.kubectl, folder, names)
    ]
    apply(bed.kubectl, stand_in.first_objects())
    apply(bed.kubectl, [one for one in objects if one["kind"] in ("Namespace", "Service")])
    at = Addresses(
        public=product.url,
        proxy_api=f"http://{bed.address}:{free_port()}",
        hub=address_of(bed, names, "hub"),
        service=address_of(bed, names, "sessions"),
    )
    (container,) = find(objects, "Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == IN_DEPLOY
    container |= {"image": hub_image, "imagePullPolicy": "Never"}
    container["env"][0]["value"] = at.put_into(container["env"][0]["value"])
    proxy = start_proxy(bed, product, stand_in, at)
    try:
        apply(bed.kubectl, [*stand_in.hub_objects(at), *objects])
        wait_for(lambda: is_ready(product), seconds=150, every=0.5, what="the service to be ready")
        yield product
    except BaseException:
        print(logs_of(bed, names))
        raise
    finally:
        product.close()
        proxy.terminate()
        proxy.wait()


def address_of(bed: Bed, names: Names, service: str) -> str:
    """Return the address of a Service in the hub's namespace."""
    address: str = bed.kubectl.within(names.hub).get(f"service/{service}")["spec"]["clusterIP"]
    return address


def is_ready(product: Product) -> bool:
    """Tell whether the service answers through the proxy, with its database, hub and link."""
    try:
        # While a pod is replaced nobody answers at the Service's address.
        return httpx.get(f"{product.base}health/ready", timeout=3).status_code == 200
    except httpx.TransportError:
        return False


def start_proxy(
    bed: Bed, product: Product, stand_in: StandIn, at: Addresses
) -> subprocess.Popen[bytes]:
    """Start the hub's proxy on this machine."""
    hub = f"http://{at.hub}:8081"
    api_port = at.proxy_api.rpartition(":")[2]
    argv = ["configurable-http-proxy", f"--ip={bed.address}", f"--port={product.port}"]
    argv += [f"--api-ip={bed.address}", f"--api-port={api_port}"]
    argv += [f"--default-target={hub}", f"--error-target={hub}/hub/error"]
    env = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": stand_in.proxy_token}
    with product.log_path.open("ab") as log:
        return subprocess.Popen(argv, env=env, stdout=log, stderr=log)


def logs_of(bed: Bed, names: Names) -> str:
    """Return what hub and service have printed, and what the cluster says of their pods."""
    kubectl = bed.kubectl.within(names.hub)
    told = [kubectl("get", "pods,events", "--output=wide")]
    for name in ("hub", "sessions"):
        words = ["logs", f"deployment/{name}", "--tail=60", "--ignore-errors"]
        try:
            told.append(kubectl(*words))
        except AssertionError as error:
            told.append(str(error))
    return "\n\n".join(told)
