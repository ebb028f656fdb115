"""The hub is killed or stopped: nothing is lost, nothing is forgotten, nothing is left."""

from __future__ import annotations

import signal

import httpx
import pytest

from tests.support.inside import processes_of, server_process_of
from tests.support.product import Product
from tests.support.waiting import wait_for

from .world import (
    HUB,
    activity_door_of,
    ended,
    is_alive,
    kill,
    lab_opens,
    stop,
    the_one,
    wait_nothing_left,
)

SETTLED_SECONDS = 15.0  # how long after the hub is back everything has to agree


def wait_settled(product: Product) -> None:
    wait_for(lambda: not product.examine(), seconds=SETTLED_SECONDS, what="everything to agree")


def test_a_hub_killed_while_a_session_starts_leaves_no_process_without_a_record(
    product: Product,
) -> None:
    session = product.create(environment="slow")
    product.wait_state(session["id"], "provisioning")
    wait_for(lambda: processes_of(product, session["id"]), what="the session's process")
    product.kill_hub()
    assert processes_of(product, session["id"])
    product.start()
    found = product.wait_state(
        session["id"], "running", "stopped", "failed", seconds=SETTLED_SECONDS
    )
    wait_settled(product)
    if found["state"] == "running":
        assert lab_opens(product, session)
        return
    assert found["cause"] in ("shutdown", "lost")
    assert found["ended_by"]
    assert found["explanation"]["sentence"]
    assert processes_of(product, session["id"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["", "asked", "admitted"])
def test_a_hub_killed_at_any_moment_of_a_start_leaves_one_process_or_none(
    product: Product, moment: str
) -> None:
    session = product.create()
    path = f"sessions/{session['id']}/chronicle"
    if moment:
        wait_for(
            lambda: moment in [one["event"] for one in product.api("GET", path).json()["items"]],
            what=moment,
        )
    product.kill_hub()
    product.start()
    found = product.wait_state(
        session["id"], "running", "stopped", "failed", seconds=3 * SETTLED_SECONDS
    )
    wait_settled(product)
    assert (found["state"] == "running") == bool(processes_of(product, session["id"]))


def test_a_stop_that_a_killed_hub_had_begun_is_finished_after_its_restart(
    product: Product,
) -> None:
    session = product.running(environment="stubborn")
    server = server_process_of(product, session["id"])
    stop(product, session)
    wait_for(lambda: not is_alive(server), what="the stop to be under way")
    assert processes_of(product, session["id"])
    product.kill_hub()
    product.start()
    found = ended(product, session, seconds=SETTLED_SECONDS)
    assert (found["state"], found["cause"], found["ended_by"]) == ("stopped", "user", "anna")
    assert processes_of(product, session["id"]) == []
    wait_settled(product)


@pytest.mark.slow
def test_a_stop_that_a_killed_hub_never_heard_of_is_done_after_its_restart(
    product: Product,
) -> None:
    session = product.running()
    hub = the_one(product, HUB)
    product.get(session["id"])  # who asks is known from here on for some seconds
    kill(hub, signal.SIGSTOP)
    stop(product, session)
    product.kill_hub()
    assert processes_of(product, session["id"])
    product.start()
    found = ended(product, session, seconds=SETTLED_SECONDS)
    assert (found["state"], found["cause"], found["ended_by"]) == ("stopped", "user", "anna")
    assert processes_of(product, session["id"]) == []


def test_sessions_outlive_a_killed_hub_and_are_served_and_stopped_by_the_next(
    product: Product,
) -> None:
    first, second = product.create(), product.create(environment="other")
    first, second = (product.wait_state(one["id"], "running") for one in (first, second))
    servers = {one["id"]: server_process_of(product, one["id"]) for one in (first, second)}
    address, token = activity_door_of(product, first)
    product.kill_hub()
    assert all(is_alive(pid) for pid in servers.values())
    product.start()
    for session in (first, second):
        found = product.get(session["id"])
        assert found["state"] == "running", found
        assert found["started_at"] == session["started_at"]
        assert server_process_of(product, session["id"]) == servers[session["id"]]
        assert lab_opens(product, session)
    wait_settled(product)
    # Its use still counts: where it was told to report, somebody listens.
    used = {"used": [{"kind": "notebook", "at": "2026-01-01T00:00:00Z", "busy": True}]}
    answer = httpx.put(address, json=used, headers={"Authorization": f"token {token}"})
    assert answer.status_code == 200, answer.text
    # An end from now on has its own cause, not that of the hub that was killed.
    kill(servers[second["id"]])
    crashed = ended(product, second, seconds=20)
    assert (crashed["state"], crashed["cause"]) == ("failed", "crashed")
    stop(product, first)
    assert ended(product, first)["cause"] == "user"


@pytest.mark.slow
def test_a_session_that_answers_the_next_hub_late_ends_by_what_ended_it(product: Product) -> None:
    session = product.running()
    server = server_process_of(product, session["id"])
    product.kill_hub()
    kill(server, signal.SIGSTOP)
    product.start()  # the hub serves after 10 s, though it does not know about this server yet
    kill(server, signal.SIGCONT)
    note = product.state / "link" / "hub-stopping.json"
    is_taken_out = lambda: session["id"] not in note.read_text()  # noqa: E731
    wait_for(is_taken_out, seconds=SETTLED_SECONDS, what="the hub to find it alive")
    product.hub("DELETE", f"users/{session['owner']}/servers/{session['server']}")
    over = ended(product, session, seconds=SETTLED_SECONDS)
    assert (over["cause"], over["ended_by"]) == ("user", "hub")


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)],
    ids=["ctrl-c", "sigterm"],
)
def test_a_hub_that_is_stopped_takes_everything_along_and_says_so_afterwards(
    product: Product, number: signal.Signals
) -> None:
    running = product.running()
    starting = product.create(environment="slow")
    product.wait_state(starting["id"], "provisioning")
    kill(the_one(product, HUB), number)
    wait_for(lambda: not product.pids(HUB), seconds=30, what="the hub to end")
    product.stop()
    wait_nothing_left(product.folder)
    product.start()
    for session in (running, starting):
        found = ended(product, session, seconds=SETTLED_SECONDS)
        assert (found["state"], found["cause"]) == ("stopped", "shutdown"), found
        assert "The hub was stopped" in found["explanation"]["sentence"]
