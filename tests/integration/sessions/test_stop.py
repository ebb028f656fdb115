"""Stopping: in every live state, from the first moment on, and of what has ended already."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.busy_hub import keep_hub_busy
from tests.support.inside import processes_of
from tests.support.product import Product
from tests.support.waiting import wait_for


def stop(product: Product, session: dict[str, Any], expect: int = 202) -> dict[str, Any]:
    answer = product.api(
        "POST", f"sessions/{session['id']}/stop", user=session["owner"], expect=expect
    )
    stopped: dict[str, Any] = answer.json()
    return stopped


def ended(product: Product, session: dict[str, Any]) -> dict[str, Any]:
    return product.wait_state(session["id"], "stopped", "failed", user=session["owner"])


def events_of(product: Product, session: dict[str, Any]) -> list[str]:
    path = f"sessions/{session['id']}/chronicle"
    lines = product.api("GET", path, user=session["owner"], expect=200).json()["items"]
    return [line["event"] for line in lines]


def wait_until_deaf(product: Product, session: dict[str, Any]) -> None:
    log = product.state / "processes" / f"{session['id']}.log"
    wait_for(lambda: log.exists() and log.read_text(), what="it to ignore whoever asks it to end")


def test_a_session_that_waits_in_the_queue_is_cancelled_without_asking_the_hub(
    product: Product,
) -> None:
    product.token("anna")
    keep_hub_busy(product)
    waiting = product.create(user="anna")
    assert waiting["state"] == "created"
    answer = stop(product, waiting)
    assert answer["state"] == "stopped"
    assert answer["cause"] == "user"
    assert events_of(product, waiting) == ["created", "stop", "ended"]
    assert waiting["id"] not in product.hub("GET", "users/anna").json()["servers"]


def test_a_start_that_is_under_way_is_cancelled_and_leaves_no_process(product: Product) -> None:
    session = product.create(environment="patient")
    product.wait_state(session["id"], "provisioning")
    stop(product, session)
    found = ended(product, session)
    assert (found["state"], found["cause"]) == ("stopped", "user")
    assert processes_of(product, session["id"]) == []
    assert events_of(product, session) == ["created", "asked", "admitted", "stop", "ended"]


def test_a_start_that_takes_the_hub_too_long_to_cancel_ends_all_the_same(product: Product) -> None:
    token = product.token("anna")
    product.hub("POST", "users/anna/servers/deaf", {"environment": "deaf"}, token=token)
    (session,) = wait_for(
        lambda: product.api("GET", "sessions?tab=active").json()["items"], what="it to be listed"
    )
    wait_until_deaf(product, session)
    # The hub gives a start a second to be cancelled, then leaves it as it is for good.
    product.hub("DELETE", "users/anna/servers/deaf", token=token, expect=(500,))
    found = ended(product, session)
    assert (found["state"], found["cause"], found["ended_by"]) == ("stopped", "user", "hub")
    assert processes_of(product, session["id"]) == []
    product.hub("DELETE", "users/anna/servers/deaf", {"remove": True}, token=token, expect=(204,))


@pytest.mark.parametrize("environment", ["python", "silent", "ends", "missing"])
def test_a_stop_right_after_the_start_wins_whatever_was_started(
    product: Product, environment: str
) -> None:
    session = product.create(environment=environment)
    stop(product, session)
    found = ended(product, session)
    assert (found["state"], found["cause"]) == ("stopped", "user")
    assert found["ended_by"] == "anna"
    assert processes_of(product, session["id"]) == []


def test_a_stop_of_a_session_that_is_stopping_changes_nothing(product: Product) -> None:
    session = product.create(environment="deaf")
    wait_until_deaf(product, session)
    first, second = stop(product, session), stop(product, session, expect=202)
    assert second["version"] >= first["version"]
    found = ended(product, session)
    assert events_of(product, session).count("stop") == 1
    assert found["cause"] == "user"


def test_a_stop_of_an_ended_session_is_answered_with_the_session_unchanged(
    product: Product,
) -> None:
    session = product.running()
    stop(product, session)
    ended(product, session)
    product.wait_reported()
    found = product.get(session["id"])
    stop(product, session, expect=200)
    assert product.get(session["id"]) == found
    body = {"reason": "again"}
    product.api("POST", f"sessions/{session['id']}/stop", body, user="admin", expect=200)
    assert product.get(session["id"]) == found


def test_a_stop_without_a_body_and_one_with_an_empty_object_are_the_same(product: Product) -> None:
    bodies: tuple[Any, ...] = (None, {})
    for body in bodies:
        session = product.create()
        product.api("POST", f"sessions/{session['id']}/stop", body, expect=202)
        assert ended(product, session)["cause"] == "user"
