"""What a session in a pod is given by name: secrets, an account, ports, an image of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster.sessions import failed, pod_of, start, start_all
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(300)

CANARY = "s3cret-canary-of-the-warehouse"


@pytest.fixture(scope="module", autouse=True)
def given(cluster: Kubectl, sessions_namespace: str) -> Iterator[None]:
    """Have the secret and the accounts that the administrator offers."""
    pods = cluster.within(sessions_namespace)
    secret = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "warehouse"}}
    reader = {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": "reader"}}
    label = {"jupyterhub-sessions/offered": "true"}
    labelled = {**reader, "metadata": {"name": "writer", "labels": label}}
    pods.create({**secret, "stringData": {"password": CANARY}}, reader, labelled)
    yield
    pods("delete", "secret/warehouse", "serviceaccount/reader", "serviceaccount/writer")


def test_a_secret_is_there_as_variable_and_file_and_nowhere_else(
    product: Product, pods: Kubectl
) -> None:
    session = start(product, secrets=[{"name": "warehouse", "as": "both"}])
    name = pod_of(pods, session)
    inside = pods("exec", name, "--container=notebook", "--", "sh", "-c", SHOW)
    assert inside.split() == [CANARY, CANARY]
    assert CANARY not in json.dumps(pods.get(f"pod/{name}"))
    assert CANARY not in json.dumps(product.get(session["id"]))
    assert CANARY not in product.log_path.read_text()
    assert product.get(session["id"])["secrets"] == [{"name": "warehouse", "as": "both"}]


SHOW = 'echo "$DB_PASSWORD"; cat "$HOME"/secrets/warehouse/password'


@pytest.mark.parametrize("name", ["ops-only", "nobodys"])
def test_a_secret_that_is_not_offered_is_refused_before_anything_is_made(
    product: Product, pods: Kubectl, name: str
) -> None:
    fields = {"secrets": [{"name": name}], "idle_timeout": 900, "drive": "default"}
    body = {"environment": "python", **fields}
    answer = product.api("POST", "sessions", body, expect=422).json()
    sentence = answer["error"]["fields"]["secrets.0.name"]
    assert sentence == f"No secret called ‘{name}’ is offered to you; choose one that is listed."
    assert not pods.get("pods")["items"]


def test_a_secret_that_the_cluster_lacks_is_told_within_seconds(
    product: Product, pods: Kubectl
) -> None:
    session = failed(product, secrets=[{"name": "not-there"}])
    assert session["cause"] == "refused"
    assert "not-there" in session["explanation"]["sentence"]


def test_accounts_are_offered_by_name_and_label_and_a_token_is_there_only_of_a_chosen_one(
    product: Product, pods: Kubectl
) -> None:

    def listed() -> list[str]:
        return [one["id"] for one in product.api("GET", "service-accounts").json()["items"]]

    # What is offered is kept for some seconds.
    wait_for(lambda: listed() == ["writer", "reader"], what="the account with the label")
    asked: list[dict[str, Any]] = [{"service_account": "reader"}, {"service_account": "writer"}, {}]
    *chosen, plain = (pod_of(pods, one) for one in start_all(product, *asked))
    accounts = [pods.get(f"pod/{one}")["spec"]["serviceAccountName"] for one in chosen]
    assert accounts == ["reader", "writer"]
    has_token = ("--", "test", "-e", "/var/run/secrets/kubernetes.io/serviceaccount/token")
    pods("exec", chosen[0], *has_token)
    with pytest.raises(AssertionError):
        pods("exec", plain, *has_token)


def test_ports_answer_at_the_sessions_own_service_inside_the_cluster(
    product: Product, pods: Kubectl
) -> None:
    session = start(product, ports=[{"number": 8899, "protocol": "TCP", "name": "web"}])
    name = pod_of(pods, session)
    (service,) = pods.get("services")["items"]
    assert service["spec"]["selector"] == {"jupyterhub-sessions/session": session["id"]}
    assert service["metadata"]["ownerReferences"][0]["name"] == name
    serve = (
        "cd /tmp; echo hello > answer; setsid python3 -m http.server 8899 >log 2>&1 </dev/null &"
    )
    pods("exec", name, "--container=notebook", "--", "sh", "-c", serve)
    url = f"http://{service['spec']['clusterIP']}:8899/answer"
    ask = f"import urllib.request as r; print(r.urlopen('{url}', timeout=5).read().decode())"

    def answers() -> bool:
        try:
            return "hello" in pods("exec", name, "--container=notebook", "--", "python3", "-c", ask)
        except AssertionError:
            return False

    wait_for(answers, seconds=30, what="the port to answer at the Service")


def test_an_image_of_ones_own_needs_the_scope_and_a_pattern_that_allows_it(
    product: Product, pods: Kubectl
) -> None:
    fields = {"environment": "python", "idle_timeout": 900, "drive": "default"}

    def refusal(image: str, user: str) -> str:
        body = {**fields, "image": image}
        answer = product.api("POST", "sessions", body, user=user, expect=422).json()
        sentence: str = answer["error"]["fields"]["image"]
        return sentence

    assert "is not allowed here" in refusal("docker.io/evil/image:1", "anna")
    assert "custom:sessions:custom-image" in refusal("localhost/sessions/session:1", "bert")
    spec = pods.get("pods")["items"]
    assert not spec


def test_options_stored_at_the_hub_get_no_further(product: Product, pods: Kubectl) -> None:
    """Security decision 2: what was stored unchecked is looked at when it is started."""
    options: dict[str, Any] = {"environment": "python", "secrets": [{"name": "ops-only"}]}
    token = product.token("anna")
    answer = product.hub("POST", "users/anna/servers/own", options, token=token, expect=(400,))
    assert "ops-only" in answer.text
    assert not pods.get("pods")["items"]
