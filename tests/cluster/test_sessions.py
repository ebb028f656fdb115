"""Sessions as pods on a real Kubernetes: the whole way, its ends, and what stays of it."""

from __future__ import annotations

import json

import pytest

from tests.cluster.sessions import all_failed, contents, pod_of, start, start_all, stop
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(300)


def test_a_session_runs_in_a_pod_and_its_drive_outlives_it(product: Product, pods: Kubectl) -> None:
    first = start(product)
    written = {"type": "file", "format": "text", "content": "kept"}
    contents(product, first, "note.txt", written)
    assert stop(product, first)["cause"] == "user"
    wait_for(
        lambda: not pods.get("pods,secrets")["items"],
        seconds=60,
        what="its pod and its secret to go",
    )
    drives = product.api("GET", "drives").json()["items"]
    (default,) = [one["id"] for one in drives if one["name"] == "default"]
    claims = f"pvc --selector=jupyterhub-sessions/drive={default},jupyterhub-sessions/owner=anna"
    assert len(pods.get(claims)["items"]) == 1

    second = start(product)
    assert contents(product, second, "note.txt")["content"] == "kept"
    assert len(pods.get(claims)["items"]) == 1


def test_the_pod_says_whose_it_is_holds_no_secret_and_is_given_whole_to_hooks(
    product: Product, pods: Kubectl
) -> None:
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
    # The hub's own address of the session comes from such a hook too, in all these tests.
    assert pod["metadata"]["annotations"]["hook/saw"] in ("OnFailure", "Always", "Never")


@pytest.mark.usefixtures("pods")
def test_a_start_shows_its_pod_and_the_log_is_read_and_followed(product: Product) -> None:
    session = start(product)
    base = f"{product.base}api/v1/sessions/{session['id']}"
    with EventStream(f"{base}/events", product.token("anna")) as stream:
        stream.wait("session")
        stages = [event.data["name"] for event in stream.of_kind("stage")]
        (notebook,) = [event.data for event in stream.of_kind("container")]
        reasons = {event.data["reason"] for event in stream.of_kind("pod-event")}
    assert stages[:4] == ["created", "preparing drive", "starting", "finding a machine"]
    assert "starting the server" in stages
    assert (notebook["name"], notebook["state"], notebook["restarts"]) == ("notebook", "running", 0)
    assert "Scheduled" in reasons

    shown = product.api("GET", f"sessions/{session['id']}/logs?tail=5", expect=200).json()
    assert (shown["container"], shown["containers"]) == ("notebook", ["notebook"])
    assert 1 <= len(shown["lines"]) <= 5
    with EventStream(f"{base}/logs?follow=1", product.token("anna")) as log:
        assert log.wait("lines").data["lines"][-1]
        headers = {"Authorization": f"token {product.token('anna')}"}
        address = f"/user/anna/{session['server']}/api/contents/nowhere.txt"
        assert product.client.get(address, headers=headers).status_code == 404
        log.wait("lines", lambda data: any("nowhere.txt" in line for line in data["lines"]))
        lines = [line for event in log.of_kind("lines") for line in event.data["lines"]]
        told = [line for line in lines if "nowhere.txt" in line]
        assert len(told) == len(set(told)), "a line came twice"
    stop(product, session)
    product.wait_reported()
    with EventStream(f"{base}/events", product.token("anna")) as stream:
        stream.wait("end")
        assert [event.data["name"] for event in stream.of_kind("container")] == ["notebook"]
        assert stream.of_kind("pod-event")


def test_two_sessions_share_a_drive_and_one_has_another(product: Product, pods: Kubectl) -> None:
    product.api("POST", "drives", {"name": "data"}, expect=201)
    extra = [{"drive": "data", "path": "in", "read_only": True}]
    first, second = start_all(product, {"extra_drives": extra}, {})
    assert len(pods.get("pods")["items"]) == 2
    written = {"type": "file", "format": "text", "content": "here"}
    contents(product, second, "shared.txt", written)
    assert contents(product, first, "shared.txt")["content"] == "here"
    assert contents(product, first, "in")["type"] == "directory"


def test_starts_that_cannot_work_say_why_and_leave_nothing_not_even_their_settings(
    product: Product, pods: Kubectl
) -> None:
    causes = {
        "missing": "image-pull",
        "large": "unschedulable",
        "ends": "crashed",
        "forbidden": "refused",
    }
    over = all_failed(product, *({"environment": one} for one in causes))
    assert {one["environment"]: one["cause"] for one in over} == causes, over
    (large,) = (one for one in over if one["environment"] == "large")
    address = f"{product.base}api/v1/sessions/{large['id']}/events"
    with EventStream(address, product.token("anna")) as stream:
        stream.wait("end")
        stages = dict.fromkeys(event.data["name"] for event in stream.of_kind("stage"))
    assert list(stages) == ["created", "preparing drive", "starting", "finding a machine"]
    wait_for(
        lambda: not pods.get("pods,secrets")["items"],
        seconds=60,
        what="pods and secrets to go",
    )

    spec = pods.get(f"pod/{pod_of(pods, start(product))}")["spec"]
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
