"""The hub's role allows all that Sessions does, and nothing that it never does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cluster.sessions import failed, start, stop
from tests.support.deployed import NODES, Names, apply, find, render, rights_of
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for

from .conftest import Asked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PORTS = [{"number": 8080, "protocol": "TCP"}]
YAML = "spec:\n  containers:\n  - name: notebook\n    env:\n    - {name: GREETING, value: hi}\n"


@pytest.fixture(scope="module")
def story(product: Product, sessions: Kubectl) -> dict[str, dict[str, Any]]:
    """Have the product do everything once that it asks the cluster for."""
    # Drives: made, shared, grown; a port; a preview with the cluster's word on it.
    drive = product.api("POST", "drives", {"name": "data"}, expect=201).json()
    extra = [{"drive": "data", "path": "in", "read_only": False}]
    first = start(product, extra_drives=extra, ports=PORTS)
    second = start(product)
    preview = {"environment": "python", "idle_timeout": 900, "drive": "default"}
    preview |= {"pod_overrides": YAML, "dry_run": True}
    shown = product.api("POST", "preview", preview, expect=200).json()
    assert shown["pod"] is not None, shown
    size = {"version": drive["version"], "size": "11Gi"} if "version" in drive else {"size": "11Gi"}
    grown = product.api("PATCH", f"drives/{drive['id']}", size)
    assert grown.status_code == 200, grown.text
    stop(product, second)
    # Starts that fail, with their evidence.
    told = {
        one: failed(product, environment=one) for one in ("missing", "ends", "forbidden", "account")
    }
    # A hub that is killed finds its sessions again, and ends those that it no longer knows.
    lost = product.create()
    mine = f"pods --selector=jupyterhub-sessions/session={lost['id']}"
    wait_for(lambda: sessions.get(mine)["items"], seconds=60, what="the pod of a start")
    product.kill_hub()
    product.start()
    assert product.get(first["id"])["state"] == "running"
    wait_for(lambda: not sessions.get(mine)["items"], seconds=60, what="the pod to be swept")
    product.wait_state(lost["id"], "stopped", "failed", seconds=60)
    stop(product, first)
    # A drive that is deleted, for good.
    product.api("DELETE", f"drives/{drive['id']}?confirm=data", expect=200)
    wait_for(
        lambda: len(sessions.get("pvc")["items"]) == 1, seconds=60, what="the claim to be removed"
    )
    return told


def test_everything_works_with_these_rights_and_no_more(
    story: dict[str, dict[str, Any]], product: Product, asked: Asked
) -> None:
    causes = {name: session["cause"] for name, session in story.items()}
    wrong_choice = dict.fromkeys(("forbidden", "account"), "refused")
    assert causes == {"missing": "image-pull", "ends": "crashed", **wrong_choice}
    address = f"{product.base}api/v1/sessions/{story['ends']['id']}/events"
    with EventStream(address, product.token("anna")) as stream:
        assert "boom" in stream.wait("lines").data["lines"]
    assert asked.refused() == set()


def test_there_is_no_right_that_nothing_uses(
    story: dict[str, dict[str, Any]], asked: Asked, cluster: Kubectl
) -> None:
    del story
    allowed = rights_of(find(render(cluster, "base/sessions"), "Role"))
    allowed |= rights_of(find(render(cluster, "nodes"), "ClusterRole"))
    wait_for(lambda: allowed <= asked.used(), seconds=60, what=f"{allowed} - {asked.used()}")


def test_no_secret_was_read(story: dict[str, dict[str, Any]], asked: Asked) -> None:
    del story
    verbs = {verb for resource, verb in asked.used() if resource == "secrets"}
    assert verbs == {"create", "patch", "delete"}


def test_the_cluster_refuses_the_hub_every_look_at_a_secret(cluster: Kubectl, names: Names) -> None:
    for verb in ("get", "list", "watch"):
        for namespace in (names.hub, names.sessions):
            words = ["auth", "can-i", verb, "secrets", f"--namespace={namespace}"]
            account = f"--as=system:serviceaccount:{names.hub}:hub"
            with pytest.raises(AssertionError):  # kubectl answers no with an exit code of 1
                cluster(*words, account)


def test_nodes_are_looked_at_only_where_that_is_allowed(
    story: dict[str, dict[str, Any]],
    product: Product,
    cluster: Kubectl,
    names: Names,
    asked: Asked,
) -> None:
    del story
    cluster("delete", "clusterrolebinding", f"{NODES}-{names.sessions}")
    first = start(product)
    second = start(product)
    stop(product, first)
    stop(product, second)
    assert asked.refused() <= {("nodes", "get")}


def test_the_doctor_names_a_right_that_is_missing_with_what_breaks(
    product: Product, cluster: Kubectl, names: Names
) -> None:
    assert product.examine() == []
    role = find(render(cluster, "base/sessions", names), "Role")
    rules = [one for one in role["rules"] if one["resources"] != ["pods/log"]]
    apply(cluster, [{**role, "rules": rules}])
    try:
        # The API server hears of its new role a moment later.
        (found,) = wait_for(product.examine, what="the missing right")
    finally:
        apply(cluster, [role])
    assert found.sentence == (
        f"The hub may not get pods/log in ‘{names.sessions}’: "
        "no session's log can be read, and one that failed does not show its last lines."
    )
