"""What `deploy/` brings to a hub works on a cluster: the service in a pod of its own."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.bed import Bed
from tests.support.deployed import Names
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for

from .conftest import is_ready

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def session(product: Product) -> dict[str, Any]:
    """Give a session that somebody who signed in has started."""
    anna = SignedIn(product, "anna")
    try:
        body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
        made = anna.request("POST", "sessions", body, X_XSRFToken=anna.xsrf)
        assert made.status_code == 201, made.text
    finally:
        anna.close()
    return product.wait_state(made.json()["id"], "running", seconds=120)


@pytest.fixture
def hubs(bed: Bed, names: Names) -> Kubectl:
    """Give kubectl in the hub's namespace."""
    return bed.kubectl.within(names.hub)


def pod_of(hubs: Kubectl) -> dict[str, Any]:
    """Return the service's pod."""
    (pod,) = hubs.get("pods --selector=app.kubernetes.io/name=jupyterhub-sessions")["items"]
    found: dict[str, Any] = pod
    return found


def test_somebody_signs_in_and_works_in_a_session_of_the_other_namespace(
    session: dict[str, Any], product: Product, bed: Bed, names: Names
) -> None:
    (pod,) = bed.kubectl.within(names.sessions).get("pods")["items"]
    assert pod["metadata"]["labels"]["jupyterhub-sessions/session"] == session["id"]
    headers = {"Authorization": f"token {product.token('anna')}"}
    address = f"/user/anna/{session['server']}/api/contents/"
    answer = product.client.get(address, headers=headers)
    assert answer.json()["type"] == "directory"


def test_the_service_has_no_token_of_the_clusters(session: dict[str, Any], hubs: Kubectl) -> None:
    del session
    pod = pod_of(hubs)
    sources = [key for volume in pod["spec"]["volumes"] for key in volume if key != "name"]
    assert sorted(sources) == ["emptyDir", "emptyDir", "secret"]


def test_the_records_are_in_postgresql(session: dict[str, Any], database_url: str) -> None:
    address = database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT owner FROM sessions WHERE id = %s", [session["id"]])
        assert found.fetchone() == ("anna",)


def test_the_database_and_the_secrets_are_told_to_nobody(
    session: dict[str, Any], product: Product, hubs: Kubectl
) -> None:
    del session
    mounted = hubs.get("secret/jupyterhub-sessions")["data"]
    shown = product.hub("GET", "services/sessions").text
    shown += hubs("logs", "deployment/sessions") + hubs("logs", "deployment/hub")
    shown += hubs("get", "pods,configmaps", "--output=yaml")
    hidden = [
        hubs("get", "secret/jupyterhub-sessions", f"--output=go-template={template(key)}")
        for key in mounted
    ]
    assert [text for text in hidden if text in shown] == []


def template(key: str) -> str:
    return '{{index .data "' + key + '" | base64decode}}'


def test_a_session_outlives_the_services_pod_and_is_stopped_by_the_next(
    session: dict[str, Any], product: Product, hubs: Kubectl
) -> None:
    before = pod_of(hubs)["metadata"]["name"]
    hubs("delete", "pod", before)
    wait_for(lambda: is_ready(product), seconds=90, every=0.5, what="the next service")
    assert pod_of(hubs)["metadata"]["name"] != before
    assert product.get(session["id"])["state"] == "running"
    product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    assert product.wait_state(session["id"], "stopped", seconds=60)["cause"] == "user"
