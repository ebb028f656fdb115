"""Sessions that are started and stopped through the hub's REST API and its admin panel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sessions_spawner.progress import STAGES
from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


def listed(product: Product, tab: str = "active", user: str = "anna") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = product.api(
        "GET", f"sessions?tab={tab}&limit=100", user=user, expect=200
    ).json()["items"]
    return items


def server_of(product: Product, name: str) -> dict[str, Any]:
    """Return the live session on a server of the hub, or nothing."""
    return next((one for one in listed(product) if one["server"] == name), {})


def start(product: Product, path: str, options: dict[str, Any], *, user: str = "anna") -> None:
    product.hub("POST", f"users/{path}", options, token=product.token(user))


@pytest.mark.parametrize(("path", "server"), [("anna/servers/mine", "mine"), ("anna/server", "")])
def test_a_start_through_the_hub_is_a_session_like_any_other(
    product: Product, path: str, server: str
) -> None:
    start(product, path, {"environment": "python"})
    session = wait_for(lambda: server_of(product, server), seconds=4, what="it to be listed")
    session = product.wait_state(session["id"], "running")
    assert session["origin"] == "hub"
    assert session["owner"] == "anna"
    assert session["idle_timeout"] == 900
    lab = product.client.get(
        session["urls"]["lab"],
        headers={"Authorization": f"token {product.token('anna')}"},
        follow_redirects=True,
    )
    assert lab.status_code == 200
    story = product.api("GET", f"sessions/{session['id']}/chronicle", expect=200).json()["items"]
    assert [line["event"] for line in story] == ["created", "admitted", "ready"]


def test_a_stop_through_the_hub_has_the_hub_for_its_cause(product: Product) -> None:
    start(product, "anna/servers/mine", {})
    session = wait_for(lambda: server_of(product, "mine"), what="it to be listed")
    product.hub("DELETE", "users/anna/servers/mine", {}, token=product.token("anna"))
    session = product.wait_state(session["id"], "stopped", seconds=4)
    assert session["cause"] == "user"
    assert session["ended_by"] == "hub"
    assert session["explanation"]["sentence"] == "It was stopped through the hub."


def test_a_stop_through_the_hub_in_mid_start_is_no_crash(product: Product) -> None:
    start(product, "anna/servers/slow", {"environment": "patient"})
    session = wait_for(lambda: server_of(product, "slow"), what="it to be listed")
    product.wait_state(session["id"], "provisioning")
    product.hub("DELETE", "users/anna/servers/slow", {}, token=product.token("anna"))
    session = product.wait_state(session["id"], "stopped", "failed", seconds=10)
    assert (session["state"], session["cause"], session["ended_by"]) == ("stopped", "user", "hub")


def test_an_administrator_starts_and_stops_somebody_elses_server(product: Product) -> None:
    product.token("anna")
    start(product, "anna/servers/theirs", {}, user="admin")
    session = wait_for(lambda: server_of(product, "theirs"), what="it to be listed")
    product.wait_state(session["id"], "running")
    product.hub("DELETE", "users/anna/servers/theirs", {}, token=product.token("admin"))
    assert product.wait_state(session["id"], "stopped")["cause"] == "user"


def told_by_the_hub(product: Product, server: str) -> Iterator[dict[str, Any]]:
    """Give what the hub tells its own progress page, until the start is over."""
    address = f"/hub/api/users/anna/servers/{server}/progress"
    headers = {"Authorization": f"token {product.token('anna')}"}
    with product.client.stream("GET", address, headers=headers) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                yield event
                if event.get("ready") or event.get("failed"):
                    return


def test_the_hubs_progress_page_is_told_every_stage(product: Product) -> None:
    start(product, "anna/servers/staged", {"environment": "other"})
    told = list(told_by_the_hub(product, "staged"))
    ours = [event for event in told if "stage" in event]
    assert [event["stage"] for event in ours] == list(STAGES)
    assert all(event["message"] and "html_message" not in event for event in ours)
    percents = [event["progress"] for event in told]
    assert percents == sorted(percents)
    assert told[-1]["ready"] is True


def test_each_run_of_the_default_server_is_a_session_of_its_own(product: Product) -> None:
    seen = []
    for _ in range(2):
        start(product, "anna/server", {})
        session = wait_for(lambda: server_of(product, ""), what="it to be listed")
        seen.append(product.wait_state(session["id"], "running")["id"])
        product.hub("DELETE", "users/anna/server", token=product.token("anna"))
        product.wait_state(session["id"], "stopped")
    assert len(set(seen)) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"environment": "nope"}, "No environment called"),
        ({"environment": "python", "profile": "other"}, "profile: There is no such field"),
        ({"env": {"LD_PRELOAD": "x"}}, "This variable belongs to the session"),
        ({"drive": "nobodys"}, "There is no drive called"),
        ({"idle_timeout": "900"}, "Use a whole number"),
        ({"image": "registry.example.org/a/b"}, "cannot give this"),
        ({"visibility": {"level": "everyone"}}, "does not offer this"),
    ],
)
def test_a_refused_start_says_why_and_leaves_no_record(
    product: Product, options: dict[str, Any], sentence: str
) -> None:
    before = len(listed(product)) + len(listed(product, "history"))
    path, token = "users/anna/servers/bad", product.token("anna")
    assert sentence in refusal_of(product, path, options, token=token)
    assert len(listed(product)) + len(listed(product, "history")) == before


def test_the_running_limit_holds_at_the_hubs_door(product: Product) -> None:
    for number in range(4):
        start(product, f"anna/servers/n{number}", {})
    wait_for(lambda: len(listed(product)) == 4, what="four sessions")
    path, token = "users/anna/servers/n4", product.token("anna")
    assert "4 of 4 sessions running" in refusal_of(product, path, {}, token=token)


def test_a_server_called_like_an_ended_session_does_not_revive_it(product: Product) -> None:
    session = product.running()
    product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    product.wait_state(session["id"], "stopped")
    path, token = f"users/anna/servers/{session['id']}", product.token("anna")
    assert "This session has ended" in refusal_of(product, path, {}, token=token)
    assert product.get(session["id"])["state"] == "stopped"
