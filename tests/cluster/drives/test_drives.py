"""Drives of sessions in pods: whose claims they are, who may have one, and when one goes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LABEL = "jupyterhub-sessions/drive"


def start(product: Product, user: str, **fields: Any) -> dict[str, Any]:
    session = product.create(user=user, **fields)
    return product.wait_state(session["id"], "running", user=user, seconds=90)


def failed(product: Product, user: str, **fields: Any) -> dict[str, Any]:
    session = product.create(user=user, **fields)
    return product.wait_state(session["id"], "failed", user=user, seconds=90)


def stop(product: Product, user: str, session: dict[str, Any]) -> None:
    product.api("POST", f"sessions/{session['id']}/stop", {}, user=user, expect=202)
    product.wait_state(session["id"], "stopped", user=user, seconds=60)


def make_claim(places: Kubectl, name: str, user: str = "", mode: str = "ReadWriteOnce") -> None:
    """Make a claim as there are on a hub that had KubeSpawner alone."""
    metadata = {"name": name, "annotations": {"hub.jupyter.org/username": user} if user else {}}
    spec = {"accessModes": [mode], "resources": {"requests": {"storage": "2Gi"}}}
    places.create(
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}
    )


def mounted(places: Kubectl, session: dict[str, Any]) -> list[str]:
    """Return the claims that a session's pod has."""
    (pod,) = places.get(f"pods --selector=jupyterhub-sessions/session={session['id']}")["items"]
    volumes = pod["spec"]["volumes"]
    return [
        one["persistentVolumeClaim"]["claimName"]
        for one in volumes
        if "persistentVolumeClaim" in one
    ]


def place_of(product: Product, drive: str) -> str | None:
    """Return where a drive lies, as the service keeps it."""
    with product.database() as engine, engine.connect() as db:
        place: str | None = db.execute(
            text("SELECT place FROM drives WHERE id = :id"), {"id": drive}
        ).scalar_one()
        return place


def drive(product: Product, user: str, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = product.api("GET", f"drives/{name}", user=user, expect=200).json()
    return shown


def error_of(answer: Any) -> Any:
    return answer.json()["error"]


def test_the_default_drive_is_the_claim_that_the_person_had_with_kubespawner(
    keeper: Product, places: Kubectl, user: str
) -> None:
    make_claim(places, f"claim-{user}", user)
    session = start(keeper, user)
    assert mounted(places, session) == [f"claim-{user}"]
    shown = drive(keeper, user, "default")
    assert (shown["size"], shown["access_mode"]) == ("2Gi", "ReadWriteOnce")
    assert place_of(keeper, shown["id"]) == f"claim-{user}"
    metadata = places.get(f"pvc/claim-{user}")["metadata"]
    assert metadata["labels"][LABEL] == shown["id"]


def test_where_a_drive_lies_is_kept_and_not_worked_out_again(
    keeper: Product, places: Kubectl, user: str
) -> None:
    stop(keeper, user, start(keeper, user))
    first = drive(keeper, user, "default")["id"]
    assert place_of(keeper, first) == f"drive-{first}"
    make_claim(places, f"claim-{user}", user)
    assert mounted(places, start(keeper, user)) == [f"drive-{first}"]


def test_a_claim_of_somebody_else_is_not_taken_for_ones_own(
    keeper: Product, places: Kubectl, user: str
) -> None:
    make_claim(places, f"claim-{user}", "somebody-else")
    session = start(keeper, user)
    assert mounted(places, session) == [f"drive-{session['drive_id']}"]


def test_an_administrator_makes_a_claim_a_persons_drive_by_rule(
    keeper: Product, places: Kubectl, user: str
) -> None:
    make_claim(places, f"claim-of-{user}")
    make_claim(places, f"team-{user}")
    body = {"owner": user, "name": "old", "claim": f"claim-of-{user}"}
    keeper.api("POST", "admin/drives", body, user=user, expect=403)
    by_rule = keeper.api(
        "POST", "admin/drives", {**body, "claim": f"team-{user}"}, user="admin", expect=422
    )
    assert "c.SessionDrives.adoptable" in error_of(by_rule)["fields"]["claim"]
    nobody = keeper.api("POST", "admin/drives", {**body, "owner": "x"}, user="admin", expect=422)
    assert "owner" in error_of(nobody)["fields"]
    made = keeper.api("POST", "admin/drives", body, user="admin", expect=201).json()
    assert (made["owner"], made["name"]) == (user, "old")
    again = {**body, "name": "twice"}
    keeper.api("POST", "admin/drives", again, user="admin", expect=409)
    assert f"drive.adopted drive={made['id']} owner={user}" in keeper.log()
    session = start(keeper, user, drive="old")
    assert mounted(places, session) == [f"claim-of-{user}"]


def test_a_drive_for_one_pod_is_given_to_one_session_and_the_other_is_told_which(
    keeper: Product, places: Kubectl, user: str
) -> None:
    make_claim(places, f"claim-one-{user}", mode="ReadWriteOncePod")
    body = {"owner": user, "name": "single", "claim": f"claim-one-{user}"}
    keeper.api("POST", "admin/drives", body, user="admin", expect=201)
    first = start(keeper, user, drive="single", name="the first")
    asked = {"environment": "python", "idle_timeout": 900, "drive": "single"}
    refused = error_of(keeper.api("POST", "sessions", asked, user=user, expect=409))
    assert refused["code"] == "in-use"
    assert "‘the first’" in refused["message"]
    extra = {**asked, "drive": "default", "extra_drives": [{"drive": "single", "path": "in"}]}
    (check,) = keeper.api("POST", "preview", extra, user=user, expect=200).json()["checks"]
    assert check["field"] == "extra_drives.0.drive"
    stop(keeper, user, first)
    start(keeper, user, drive="single")


def test_a_drive_that_is_in_use_elsewhere_is_told_before_a_pod_is_made(
    keeper: Product, places: Kubectl, user: str
) -> None:
    first = start(keeper, user, name="the first")
    (pod,) = places.get(f"pods --selector=jupyterhub-sessions/session={first['id']}")["items"]
    node = pod["spec"]["nodeName"]
    second = failed(keeper, user, environment="elsewhere")
    assert second["cause"] == "volume"
    sentence = second["explanation"]["sentence"]
    assert f"‘the first’ uses it on the machine {node}" in sentence, sentence
    assert "‘default’" in sentence
    third = start(keeper, user)
    assert mounted(places, third) == mounted(places, first)


def test_a_drive_is_as_large_as_was_asked_for_and_grows_within_the_bound(
    keeper: Product, places: Kubectl, user: str
) -> None:
    options = keeper.api("GET", "drives/options", user=user, expect=200).json()
    assert (options["size"], options["size_max"]) == ("1Gi", "4Gi")
    too_much = keeper.api("POST", "drives", {"name": "d", "size": "5Gi"}, user=user, expect=422)
    assert error_of(too_much)["fields"]["size"] == "Choose 4Gi or less."
    fast = {"name": "d", "storage_class": "fast"}
    keeper.api("POST", "drives", fast, user=user, expect=422)
    made = keeper.api("POST", "drives", {"name": "d", "size": "2Gi"}, user=user, expect=201).json()
    assert (made["size"], made["allowed"]["grow"]) == ("2Gi", True)
    start(keeper, user, drive="d")
    place = f"drive-{made['id']}"
    assert places.get(f"pvc/{place}")["spec"]["resources"]["requests"]["storage"] == "2Gi"
    keeper.api("PATCH", "drives/d", {"size": "3Gi"}, user=user, expect=200)
    places.wait(f"pvc/{place}", "jsonpath={.status.capacity.storage}=3Gi")
    for size, said in (("1Gi", "only grows"), ("5Gi", "4Gi or less")):
        answer = keeper.api("PATCH", "drives/d", {"size": size}, user=user, expect=422)
        assert said in error_of(answer)["fields"]["size"]
    assert drive(keeper, user, "d")["mounted_by"] != []


def test_a_deleted_drives_claim_goes_when_the_grace_is_over_and_an_adopted_one_stays(
    keeper: Product, places: Kubectl, user: str
) -> None:
    made = keeper.api("POST", "drives", {"name": "mine"}, user=user, expect=201).json()
    make_claim(places, f"claim-old-{user}")
    body = {"owner": user, "name": "old", "claim": f"claim-old-{user}"}
    keeper.api("POST", "admin/drives", body, user="admin", expect=201)
    extra = [{"drive": "old", "path": "in"}]
    session = start(keeper, user, drive="mine", extra_drives=extra)
    keeper.api("DELETE", "drives/mine?confirm=mine", user=user, expect=409)
    stop(keeper, user, session)
    keeper.api("DELETE", "drives/mine?confirm=mine", user=user, expect=200)
    keeper.api("POST", "drives/mine/restore", user=user, expect=200)
    session = start(keeper, user, drive="mine")
    assert mounted(places, session) == [f"drive-{made['id']}"]
    stop(keeper, user, session)
    for name in ("mine", "old"):
        keeper.api("DELETE", f"drives/{name}?confirm={name}", user=user, expect=200)
    keeper.kill_worker()  # which sweeps when it starts
    wait_for(
        lambda: f"drive-{made['id']}" not in places("get", "pvc", "--output=name"),
        what="the claim to go",
        seconds=60,
    )
    old = f"claim-old-{user}"
    wait_for(
        lambda: LABEL not in places.get(f"pvc/{old}")["metadata"].get("labels", {}),
        what="the adopted claim to be left to itself",
        seconds=60,
    )
    assert "deletionTimestamp" not in places.get(f"pvc/{old}")["metadata"]
