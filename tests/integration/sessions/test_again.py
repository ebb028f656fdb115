"""Restart and clone: the same again, and what cannot be the same is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupyterhub
import pytest

from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

SHORT_NAMES = int(jupyterhub.__version__.partition(".")[0]) >= 6
# Environments differ by user and from moment to moment: a file lists which ones are retired.
RETIRING = """
import json, pathlib
_everything = c.LocalSessionSpawner.profile_list

def offered(spawner):
    gone = json.loads(pathlib.Path("retired.json").read_text())
    return [one for one in _everything if one["slug"] not in gone]

c.LocalSessionSpawner.profile_list = offered
"""


@pytest.fixture(scope="module")
def retiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give a product whose environments can be retired while it runs."""
    folder = tmp_path_factory.mktemp("retiring")
    (folder / "retired.json").write_text("[]")
    with running_product(folder, extra=RETIRING) as product:
        yield product
        product.stop_all()
        assert product.examine() == []


def retire(product: Product, *names: str) -> None:
    path: Path = product.folder / "retired.json"
    path.write_text(json.dumps(names))


def stopped(product: Product, **fields: Any) -> dict[str, Any]:
    session = product.create(**fields)
    path = f"sessions/{session['id']}/stop"
    product.api("POST", path, user=session["owner"], expect=202)
    return product.wait_state(session["id"], "stopped", user=session["owner"])


def test_a_live_session_is_not_started_again(product: Product) -> None:
    session = product.running()
    answer = product.api("POST", f"sessions/{session['id']}/restart", expect=409)
    assert answer.json()["error"]["code"] == "state"


@pytest.mark.skipif(SHORT_NAMES, reason="hubs from 6 on give new servers short names alone")
def test_a_server_with_a_long_name_can_be_cloned_and_started_again(product: Product) -> None:
    name = "x" * 60
    product.hub("POST", f"users/anna/servers/{name}", {}, token=product.token("anna"))

    def look() -> list[dict[str, Any]]:
        items = product.api("GET", "sessions", expect=200).json()["items"]
        return [one for one in items if one["server"] == name]

    (session,) = wait_for(look, what="it to be listed")
    clone = product.api("GET", f"sessions/{session['id']}/clone", expect=200).json()
    assert clone["request"]["name"] == name[:40]
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped", "failed")
    again = product.api("POST", f"sessions/{session['id']}/restart", expect=201).json()
    assert product.wait_state(again["id"], "running")["name"] == name[:40]


def test_a_restart_takes_no_body_of_its_own(product: Product) -> None:
    session = stopped(product)
    body = {"environment": "python"}
    answer = product.api("POST", f"sessions/{session['id']}/restart", body, expect=422)
    assert "environment" in answer.json()["error"]["fields"]


def test_a_restart_keeps_what_was_chosen_and_the_name_as_it_is_now(product: Product) -> None:
    session = stopped(product, name="before", idle_timeout=3600, env={"COLOUR": "red"})
    body = {"version": session["version"], "name": "after"}
    product.api("PATCH", f"sessions/{session['id']}", body, expect=200)
    again = product.api("POST", f"sessions/{session['id']}/restart", expect=201).json()
    assert again["name"] == "after"
    assert again["idle_timeout"] == 3600
    assert again["env"] == {"COLOUR": "red"}
    assert product.get(session["id"])["state"] == "stopped"


def test_a_restart_whose_drive_is_gone_says_so_and_starts_nothing(product: Product) -> None:
    user = product.new_user()
    product.api("POST", "drives", {"name": "short-lived"}, user=user, expect=201)
    session = stopped(product, user=user, drive="short-lived")
    product.api("DELETE", "drives/short-lived?confirm=short-lived", user=user, expect=200)
    answer = product.api("POST", f"sessions/{session['id']}/restart", user=user, expect=409)
    error = answer.json()["error"]
    assert error["code"] == "changed"
    assert [(one["field"], one["was"], one["now"]) for one in error["changes"]] == [
        ("drive", "short-lived", "default")
    ]
    assert product.api("GET", "sessions", user=user, expect=200).json()["items"] == []


def test_a_restart_whose_environment_is_retired_says_so_and_a_clone_chooses_another(
    retiring: Product,
) -> None:
    retire(retiring)
    session = stopped(retiring, environment="other")
    retire(retiring, "other")
    path = f"sessions/{session['id']}"
    retiring.kill_worker()  # it keeps a user's environments for 10 s
    answer = retiring.api("POST", f"{path}/restart", expect=409)
    error = answer.json()["error"]
    assert error["code"] == "changed"
    assert [(one["field"], one["was"], one["now"]) for one in error["changes"]] == [
        ("environment", "other", "python")
    ]
    clone = retiring.api("GET", f"{path}/clone", expect=200).json()
    assert clone["request"]["environment"] == "python"
    assert clone["changes"] == error["changes"]
    made = retiring.api("POST", "sessions", clone["request"], expect=201).json()
    assert retiring.wait_state(made["id"], "running")["environment"] == "python"


def test_a_clone_of_somebody_elses_session_takes_no_values_of_his_and_names_what_it_drops(
    product: Product,
) -> None:
    user = product.new_user()
    product.api("POST", "drives", {"name": "private"}, user=user, expect=201)
    env = {"BASH_ENV_LIKE": "/tmp/trap.sh", "KEY": "canary-of-a-clone"}
    session = stopped(product, user=user, drive="private", idle_timeout=3600, env=env)
    answer = product.api("GET", f"sessions/{session['id']}/clone", user="admin", expect=200)
    clone = answer.json()
    assert "env" not in clone["request"]
    assert clone["request"]["drive"] == "default"
    assert clone["request"]["environment"] == "python"
    assert clone["request"]["idle_timeout"] == 3600
    assert {one["field"] for one in clone["changes"]} == {"env", "drive"}
    assert "canary-of-a-clone" not in answer.text
    assert "private" not in answer.text
    made = product.api("POST", "sessions", clone["request"], user="admin", expect=201).json()
    assert (made["owner"], made["env"]) == ("admin", {})


def test_a_clone_of_what_is_not_visible_answers_as_if_it_were_not_there(product: Product) -> None:
    session = stopped(product)
    foreign = product.api("GET", f"sessions/{session['id']}/clone", user="berta", expect=404)
    absent = product.api("GET", "sessions/saaaaaaaaaaa/clone", user="berta", expect=404)
    assert foreign.json()["error"]["message"] == absent.json()["error"]["message"]
