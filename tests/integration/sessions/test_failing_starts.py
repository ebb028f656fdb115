"""Starts that fail, and sessions that die: a cause, evidence, nothing left, nobody else counted."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.support.inside import processes_of, server_process_of
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for


def failed(product: Product, environment: str) -> dict[str, Any]:
    session = product.create(environment=environment)
    return product.wait_state(session["id"], "failed", "stopped", "running")


def shown_lines(product: Product, session: dict[str, Any]) -> list[str]:
    address = f"{product.base}api/v1/sessions/{session['id']}/events"
    with EventStream(address, product.token(session["owner"])) as stream:
        lines: list[str] = stream.wait("lines").data["lines"]
        return lines


def nothing_is_left(product: Product, session: dict[str, Any]) -> None:
    assert processes_of(product, session["id"]) == []
    assert product.api("GET", "limits", expect=200).json()["sessions"]["used"] == 0
    wait_for(
        lambda: session["id"] not in product.hub("GET", "users/anna").json()["servers"],
        what="the hub's server to be removed",
    )


def test_a_program_that_is_not_there_fails_with_a_sentence(product: Product) -> None:
    session = failed(product, "missing")
    assert (session["state"], session["cause"]) == ("failed", "crashed")
    assert session["explanation"]["next"]["label"]
    assert any("/nonexistent/program" in line for line in shown_lines(product, session))
    nothing_is_left(product, session)


def test_a_program_that_ends_at_once_fails_with_its_exit_code_and_last_lines(
    product: Product,
) -> None:
    session = failed(product, "ends")
    assert (session["state"], session["cause"]) == ("failed", "crashed")
    assert "exit code 3" in session["explanation"]["sentence"]
    assert session["explanation"]["next"]["action"] == "logs"
    assert shown_lines(product, session)[-1] == "boom"
    nothing_is_left(product, session)


def test_a_program_whose_port_is_taken_fails_and_shows_what_it_said(product: Product) -> None:
    session = failed(product, "taken")
    assert (session["state"], session["cause"]) == ("failed", "crashed")
    assert session["explanation"]["next"]["label"]
    assert any("already in use" in line for line in shown_lines(product, session))
    nothing_is_left(product, session)


def test_a_program_that_never_serves_fails_when_its_time_is_over(product: Product) -> None:
    session = failed(product, "silent")
    assert (session["state"], session["cause"]) == ("failed", "start-timeout")
    sentence = session["explanation"]["sentence"]
    assert sentence == "It was not ready after 4 s. It got as far as starting."
    nothing_is_left(product, session)


def test_failed_starts_count_against_nobody(product: Product) -> None:
    for _ in range(6):
        assert failed(product, "ends")["state"] == "failed"
    assert product.wait_state(product.create()["id"], "running")["state"] == "running"
    assert product.wait_state(product.create(user="berta")["id"], "running", user="berta")


def test_a_refused_request_leaves_no_record(product: Product) -> None:
    user = product.new_user()
    body = {"environment": "unheard-of", "idle_timeout": 900, "drive": "default"}
    product.api("POST", "sessions", body, user=user, expect=422)
    product.api("POST", "sessions", {**body, "environment": "python", "drive": "nowhere"},
                user=user, expect=422)  # fmt: skip
    for tab in ("active", "history"):
        answer = product.api("GET", f"sessions?tab={tab}", user=user, expect=200)
        assert answer.json()["total"] == 0


@pytest.mark.parametrize("environment", ["python", "other"])
def test_a_session_that_is_killed_from_outside_is_seen_within_seconds(
    product: Product, environment: str
) -> None:
    session = product.running(environment=environment)
    os.kill(server_process_of(product, session["id"]), signal.SIGKILL)
    found = product.wait_state(session["id"], "failed", "stopped", seconds=20)
    assert (found["state"], found["cause"]) == ("failed", "crashed")
    assert "was killed" in found["explanation"]["sentence"]
    nothing_is_left(product, found)


def test_a_session_that_ends_by_itself_is_done(product: Product) -> None:
    session = product.running()
    os.kill(server_process_of(product, session["id"]), signal.SIGTERM)
    found = product.wait_state(session["id"], "failed", "stopped", seconds=20)
    assert (found["state"], found["cause"], found["status"]) == ("stopped", "exited", "done")
    assert processes_of(product, session["id"]) == []
