"""A session's whole way: asked for, running, open, stopped, in history, started again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.inside import call_lab, env_of, processes_of, server_process_of
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


def story_of(product: Product, session_id: str, user: str = "anna") -> list[dict[str, Any]]:
    answer = product.api("GET", f"sessions/{session_id}/chronicle", user=user, expect=200)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ids_in(product: Product, tab: str, user: str = "anna") -> list[str]:
    answer = product.api("GET", f"sessions?tab={tab}&limit=100", user=user, expect=200)
    return [one["id"] for one in answer.json()["items"]]


def test_a_session_goes_the_whole_way_and_starts_again_from_history(product: Product) -> None:
    created = product.create(name="first light")
    assert created["state"] in ("created", "starting")
    assert created["status"] == "pending"
    session = product.wait_state(created["id"], "running")
    assert session["urls"]["lab"] == f"/user/anna/{session['id']}/lab"
    assert session["access"]["lab"] == {"state": "ready", "reason": None}
    assert session["id"] in ids_in(product, "active")
    assert call_lab(product, session, "GET", "lab").status_code == 200
    assert call_lab(product, session, "GET", "api/status").json()["kernels"] == 0

    stopped = product.api("POST", f"sessions/{session['id']}/stop", expect=202).json()
    assert stopped["state"] in ("stopping", "stopped")
    ended = product.wait_state(session["id"], "stopped")
    assert ended["cause"] == "user"
    assert ended["status"] == "cancelled"
    assert ended["explanation"]["sentence"] == "You stopped it."
    assert ended["explanation"]["next"]["action"] == "restart"
    assert ended["urls"] is None
    assert session["id"] in ids_in(product, "history")
    assert session["id"] not in ids_in(product, "active")

    again = product.api("POST", f"sessions/{session['id']}/restart", expect=201).json()
    assert again["id"] != session["id"]
    assert (again["origin"], again["parent"]) == ("restart", session["id"])
    assert again["name"] == "first light"
    assert product.wait_state(again["id"], "running")["server"] == again["id"]


def test_a_stopped_session_leaves_no_process_and_no_server_at_the_hub(product: Product) -> None:
    session = product.running()
    assert processes_of(product, session["id"])
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    assert processes_of(product, session["id"]) == []
    wait_for(
        lambda: session["id"] not in product.hub("GET", "users/anna").json()["servers"],
        what="the hub's stopped server to be removed",
    )


def test_the_direct_address_of_a_running_session_is_closed_to_everybody_else(
    product: Product,
) -> None:
    session = product.running()
    other = {"Authorization": f"token {product.token('berta')}"}
    for path in ("lab", "api/status"):
        address = session["urls"]["lab"].removesuffix("lab") + path
        assert product.client.get(address, headers=other).status_code == 403
        assert product.client.get(address).status_code in (302, 403)


def test_a_clone_is_a_filled_request_that_starts_a_session_like_it(product: Product) -> None:
    session = product.running(name="model", idle_timeout=3600, env={"COLOUR": "blue"})
    clone = product.api("GET", f"sessions/{session['id']}/clone", expect=200).json()
    assert clone["changes"] == []
    assert clone["request"]["idle_timeout"] == 3600
    assert clone["request"]["env"] == {"COLOUR": "blue"}
    assert clone["request"]["cloned_from"] == session["id"]
    made = product.api("POST", "sessions", clone["request"], expect=201).json()
    assert product.wait_state(made["id"], "running")["env"] == {"COLOUR": "blue"}
    assert made["id"] != session["id"]


def test_an_environment_with_another_interpreter_starts_the_ordinary_way(product: Product) -> None:
    session = product.running(environment="other", env={"COLOUR": "green"})
    command = server_process_of(product, session["id"])
    assert env_of(command)["COLOUR"] == "green"
    assert call_lab(product, session, "GET", "api/status").status_code == 200
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    assert product.wait_state(session["id"], "stopped")["cause"] == "user"
    assert processes_of(product, session["id"]) == []


def test_the_story_is_numbered_without_gaps_and_names_who_did_what(product: Product) -> None:
    session = product.running(name="old")
    seen = {"version": session["version"], "name": "new"}
    product.api("PATCH", f"sessions/{session['id']}", seen, expect=200)
    product.api("POST", f"sessions/{session['id']}/extend", {"seconds": 600}, expect=200)
    body = {"reason": "making room"}
    product.api("POST", f"sessions/{session['id']}/stop", body, user="admin", expect=202)
    product.wait_state(session["id"], "stopped")
    lines = story_of(product, session["id"])
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
    assert [(line["event"], line["actor"], line["on_behalf_of"]) for line in lines] == [
        ("created", "anna", None),
        ("asked", "service", None),
        ("admitted", "hub", None),
        ("ready", "hub", None),
        ("edited", "anna", None),
        ("extended", "anna", None),
        ("stop", "admin", "anna"),
        ("ended", "admin", "anna"),
    ]
    assert lines[0]["sentence"] == "You asked for this session."
    assert lines[6]["sentence"] == "admin stopped it: ‘making room’."
    assert story_of(product, session["id"], "admin")[6]["sentence"].startswith("You stopped it")
    at = [line["at"] for line in lines]
    assert at == sorted(at)


def test_an_administrators_stop_is_told_to_the_owner_with_its_reason(product: Product) -> None:
    session = product.running()
    body = {"reason": "the machine is needed"}
    product.api("POST", f"sessions/{session['id']}/stop", body, user="admin", expect=202)
    ended = product.wait_state(session["id"], "stopped")
    assert ended["cause"] == "admin"
    assert ended["ended_by"] == "admin"
    sentence = "admin (administrator) stopped it: ‘the machine is needed’."
    assert ended["explanation"]["sentence"] == sentence


def test_an_administrators_restart_starts_it_for_its_owner_on_his_behalf(product: Product) -> None:
    session = product.running(env={"COLOUR": "blue"})
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    answer = product.api("POST", f"sessions/{session['id']}/restart", user="admin", expect=201)
    again = product.wait_state(answer.json()["id"], "running")
    assert again["owner"] == "anna"
    assert again["env"] == {"COLOUR": "blue"}
    first = story_of(product, again["id"])[0]
    assert (first["actor"], first["on_behalf_of"]) == ("admin", "anna")
