"""Sessions as pods on a real Kubernetes: the whole way, its ends, and what stays of it."""

from __future__ import annotations

import json

import pytest

from tests.cluster.sessions import contents, failed, pod_of, start, stop
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(300)


def test_a_session_runs_in_a_pod_and_its_drive_outlives_it(product: Product, pods: Kubectl) -> None:
    first = start(product)
    written = {"type": "file", "format": "text", "content": "kept"}
    contents(product, first, "note.txt", written)
    assert stop(product, first)["cause"] == "user"
    wait_for(lambda: not pods.get("pods,secrets")["items"], what="its pod and its secret to go")
    (claim,) = pods.get("pvc")["items"]
    assert claim["metadata"]["labels"]["jupyterhub-sessions/owner"] == "anna"

    second = start(product)
    assert contents(product, second, "note.txt")["content"] == "kept"
    assert len(pods.get("pvc")["items"]) == 1


def test_the_pod_says_whose_it_is_and_holds_no_secret(product: Product, pods: Kubectl) -> None:
    session = start(product, env={"MY_KEY": "s3cret-canary"})
    text = pods("get", "pod", pod_of(pods, session), "--output=json")
    pod = json.loads(text)
    labels = pod["metadata"]["labels"]
    assert labels["jupyterhub-sessions/owner"] == "anna"
    assert labels["jupyterhub-sessions/environment"] == "python"
    assert "s3cret-canary" not in text
    env = {one["name"]: one for one in pod["spec"]["containers"][0]["env"]}
    for name in ("JUPYTERHUB_API_TOKEN", "MY_KEY"):
        assert "value" not in env[name]
    assert pod["spec"]["automountServiceAccountToken"] is False
    (secret,) = pods.get("secrets")["items"]
    assert secret["metadata"]["ownerReferences"][0]["name"] == pod["metadata"]["name"]


def test_two_sessions_share_a_drive_and_one_has_another(product: Product, pods: Kubectl) -> None:
    product.api("POST", "drives", {"name": "data"}, expect=201)
    extra = [{"drive": "data", "path": "in", "read_only": True}]
    first, second = start(product, extra_drives=extra), start(product)
    assert len(pods.get("pods")["items"]) == 2
    written = {"type": "file", "format": "text", "content": "here"}
    contents(product, second, "shared.txt", written)
    assert contents(product, first, "shared.txt")["content"] == "here"
    assert contents(product, first, "in")["type"] == "directory"


@pytest.mark.parametrize(
    ("environment", "cause"),
    [
        ("missing", "image-pull"),
        ("large", "unschedulable"),
        ("ends", "crashed"),
        ("forbidden", "refused"),
    ],
)
def test_a_start_that_cannot_work_says_why_and_leaves_nothing(
    product: Product, pods: Kubectl, environment: str, cause: str
) -> None:
    session = failed(product, environment=environment)
    assert session["cause"] == cause, session
    wait_for(lambda: not pods.get("pods,secrets")["items"], what="its pod and its secret to go")


def test_what_an_environment_sets_is_gone_with_the_next_start(
    product: Product, pods: Kubectl
) -> None:
    failed(product, environment="ends")
    session = start(product)
    spec = pods.get(f"pod/{pod_of(pods, session)}")["spec"]
    assert "LEAKS" not in {one["name"] for one in spec["containers"][0]["env"]}
    assert spec["restartPolicy"] != "Never"


def test_a_pod_that_somebody_deletes_is_seen_within_seconds(
    product: Product, pods: Kubectl
) -> None:
    session = start(product)
    pods("delete", "pod", pod_of(pods, session), "--wait=false")
    over = product.wait_state(session["id"], "stopped", "failed", seconds=10)
    assert over["cause"] == "lost", over


def test_a_session_outlives_a_killed_hub_and_is_served_and_stopped_by_the_next(
    product: Product, pods: Kubectl
) -> None:
    session = start(product)
    name = pod_of(pods, session)
    product.kill_hub()
    product.start()
    assert product.get(session["id"])["state"] == "running"
    assert pod_of(pods, session) == name
    assert contents(product, session, "")["type"] == "directory"
    assert stop(product, session)["cause"] == "user"


def test_a_drive_is_a_claim_of_its_own_that_is_kept_while_it_is_mounted(
    product: Product, pods: Kubectl
) -> None:
    drive = product.api("POST", "drives", {"name": "gone"}, expect=201).json()
    session = start(product, drive="gone")
    name = f"drive-{drive['id']}"
    assert name in {one["metadata"]["name"] for one in pods.get("pvc")["items"]}
    product.api("DELETE", f"drives/{drive['id']}?confirm=gone", expect=409)
    stop(product, session)
    product.api("DELETE", f"drives/{drive['id']}?confirm=gone", expect=200)


def test_hooks_of_the_administrators_are_given_whole_pods(product: Product, pods: Kubectl) -> None:
    """The hub's own address of the session comes from such a hook too, in all these tests."""
    session = start(product)
    annotations = pods.get(f"pod/{pod_of(pods, session)}")["metadata"]["annotations"]
    assert annotations["hook/saw"] in ("OnFailure", "Always", "Never")
