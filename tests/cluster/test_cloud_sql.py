"""Cloud SQL in a pod: the real Auth Proxy beside a session, up to where Google would be needed."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.cluster.sessions import failed, pod_of, start
from tests.support.bed import Bed
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import own_namespace, product_on
from tests.support.product import Product
from tests.support.waiting import wait_for
from tools.cluster.cluster import import_image
from tools.cluster.programs import CLOUD_SQL_PROXY_IMAGE, ensure_module

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SHOP: Final = "shop:europe-west1:main"
STOCK: Final = "shop:europe-west1:stock"
NO_SECRET: Final = "shop:europe-west1:keyless"
BAD_SECRET: Final = "shop:europe-west1:broken"
PROXY: Final = "cloud-sql-proxy"
# Far above what a quiet end takes: who waits for it was not heard.
GRACE_SECONDS: Final = 60
SETTINGS = """
c.KubeSpawner.delete_grace_period = {grace}
c.KubeSpawner.profile_list = [
    {{"display_name": "Python", "slug": "python", "default": True}},
    {{"display_name": "Hasty", "slug": "hasty"}},
]

def give_up_soon(spawner):
    if (spawner.user_options or {{}}).get("environment") == "hasty":
        spawner.start_timeout = 20

c.KubeSpawner.pre_spawn_hook = give_up_soon
c.SessionOffers.cloud_sql = {{
    "{shop}": {{"variables": "PG", "credentials": "shop-key", "user": "reader", "iam_login": True}},
    "{stock}": {{"credentials": "shop-key", "private_ip": True, "engine": "mysql"}},
    "{no_secret}": {{"credentials": "nowhere-key"}},
    "{bad_secret}": {{"credentials": "broken-key"}},
}}
c.SessionOffers.cloud_sql_proxy = {{"image": "{proxy}", "cpu": "100m", "memory": "128Mi"}}
"""


@pytest.fixture(scope="module")
def place(cluster: Kubectl) -> Iterator[Kubectl]:
    """Give kubectl in a namespace under Pod Security “restricted”, with the proxies' keys."""
    with own_namespace(cluster, "cloud-sql", "restricted") as namespace:
        namespace.create(
            make_secret("shop-key", json.dumps(make_key_file())),
            make_secret("broken-key", "this is no key file"),
        )
        yield namespace


@pytest.fixture(scope="module")
def product(
    bed: Bed, place: Kubectl, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product that offers Cloud SQL instances, with the real proxy."""
    have_proxy(bed)
    settings = SETTINGS.format(
        grace=GRACE_SECONDS,
        proxy=CLOUD_SQL_PROXY_IMAGE,
        shop=SHOP,
        stock=STOCK,
        no_secret=NO_SECRET,
        bad_secret=BAD_SECRET,
    )
    folder = tmp_path_factory.mktemp("product")
    with product_on(bed, place.namespace, folder, settings) as product:
        yield product


@pytest.fixture
def pods(place: Kubectl, product: Product) -> Iterator[Kubectl]:
    """Give kubectl where the sessions are; afterwards all of them are over."""
    yield place
    product.rest()


def have_proxy(bed: Bed) -> None:
    """Have the proxy's image on the nodes; skip on a given cluster that lacks it."""
    if bed.folder is not None:
        import_image(bed.folder, ensure_module(PROXY) / f"{PROXY}.tar")
    nodes = bed.kubectl.get("nodes")["items"]
    there = [
        name for node in nodes for image in node["status"]["images"] for name in image["names"]
    ]
    if bed.folder is None and CLOUD_SQL_PROXY_IMAGE not in there:
        pytest.skip(f"the given cluster's nodes do not have {CLOUD_SQL_PROXY_IMAGE}")


def make_secret(name: str, key_file: str) -> dict[str, Any]:
    text = base64.b64encode(key_file.encode()).decode()
    metadata = {"name": name}
    data = {"service_account.json": text}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}


def make_key_file() -> dict[str, str]:
    """Return the key file of a Google service account that does not exist."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": "shop",
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": "reader@shop.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token",
    }


def asked(*instances: str) -> dict[str, Any]:
    return {"cloud_sql": [{"instance": one} for one in instances]}


def run_inside(pods: Kubectl, name: str, program: str) -> str:
    return pods("exec", name, "--container=notebook", "--", "python3", "-c", program).strip()


DIAL = """
import os, socket
with socket.create_connection((os.environ["PGHOST"], int(os.environ["PGPORT"])), 5) as door:
    door.sendall(b"\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f")
    door.settimeout(60)
    try:
        answer = door.recv(1)
    except ConnectionResetError:
        answer = b""
    print(os.environ["PGHOST"], os.environ["PGPORT"], os.environ["PGUSER"], answer)
"""
FROM_OUTSIDE = """
import socket
try:
    socket.create_connection((socket.gethostbyname(socket.gethostname()), 5432), 5).close()
    print("open")
except OSError:
    print("shut")
"""


def test_the_proxy_runs_beside_the_session_and_turns_to_google_when_it_is_used(
    product: Product, pods: Kubectl
) -> None:
    session = start(product, **asked(SHOP, STOCK))
    name = pod_of(pods, session)
    (proxy,) = pods.get(f"pod/{name}")["status"]["initContainerStatuses"]
    assert (proxy["name"], proxy["ready"], proxy["started"]) == (PROXY, True, True)
    # Nobody is there to speak to: the proxy takes the connection, and ends it.
    assert run_inside(pods, name, DIAL) == "127.0.0.1 5432 reader b''"
    assert run_inside(pods, name, FROM_OUTSIDE) == "shut"

    def log() -> str:
        return pods("logs", name, f"--container={PROXY}")

    wait_for(lambda: "googleapis.com" in log(), seconds=30, what="the proxy to ask Google")
    assert f"[{SHOP}] Listening on 127.0.0.1:5432" in log()
    assert f"[{STOCK}] Listening on 127.0.0.1:3306" in log()


def test_the_proxy_ends_quietly_with_its_session(
    product: Product, pods: Kubectl, tmp_path: Path
) -> None:
    session = start(product, **asked(SHOP))
    name = pod_of(pods, session)
    seen = tmp_path / "exit-codes"
    with watch_exit_code(pods, name, seen):
        product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
        ended = product.wait_state(session["id"], "stopped", seconds=GRACE_SECONDS / 2)
        assert ended["cause"] == "user"
        wait_for(lambda: seen.read_text().split()[-1:] == ["0"], seconds=60, what="the proxy's end")


@contextmanager
def watch_exit_code(pods: Kubectl, name: str, into: Path) -> Iterator[None]:
    """Have the proxy's exit code written into a file whenever the pod changes."""
    code = "{.status.initContainerStatuses[0].state.terminated.exitCode}"
    watch = ["get", f"pod/{name}", "--watch", f'--output=jsonpath={code}{{"\\n"}}']
    place = ["--kubeconfig", str(pods.kubeconfig), "--namespace", pods.namespace]
    with into.open("w") as file:
        process = subprocess.Popen([str(pods.program), *place, *watch], stdout=file)
        try:
            wait_for(into.read_text, seconds=30, what="the pod as it is now")
            yield
        finally:
            process.terminate()
            process.wait()


def test_a_proxy_without_its_secret_keeps_the_session_from_running(
    product: Product, pods: Kubectl
) -> None:
    session = failed(product, **asked(NO_SECRET))
    assert session["cause"] == "refused"
    assert "nowhere-key" in session["explanation"]["sentence"]
    assert not pods.get("pods")["items"]


def test_a_proxy_that_cannot_read_its_key_is_told_by_its_name_and_words(
    product: Product, pods: Kubectl
) -> None:
    session = failed(product, environment="hasty", **asked(BAD_SECRET))
    assert session["cause"] == "crashed"
    told = session["explanation"]
    assert PROXY in told["sentence"]
    assert "this is no key file" not in json.dumps(session)
    assert not pods.get("pods")["items"]
