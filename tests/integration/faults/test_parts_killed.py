"""Parts beside the hub are killed: the worker, its supervisor, what keeps sessions, a session."""

from __future__ import annotations

import signal
from pathlib import Path

from sqlalchemy import text

from sessions_spawner.local import tree
from tests.support.inside import processes_of, server_process_of
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for

from .world import (
    SUPERVISOR,
    WORKER,
    ended,
    fork_server_of,
    is_alive,
    is_ready,
    is_served,
    keeper_of,
    kill,
    lab_opens,
    stop,
    the_one,
    wait_gone,
)

NOTICED_SECONDS = 5.0


def test_a_killed_worker_is_replaced_and_a_listener_misses_nothing(product: Product) -> None:
    token, address = product.token("anna"), f"{product.base}api/v1/events"
    first = product.running()
    with EventStream(address, token) as stream:
        stream.wait("hello")
        product.api("PATCH", f"sessions/{first['id']}", name_of(product, first, "before"))
        stream.wait("session", lambda one: one["name"] == "before")
    last = [event.id for event in stream.events if event.id][-1]
    product.api("PATCH", f"sessions/{first['id']}", name_of(product, first, "unseen"), expect=200)
    second = product.create()
    supervisor, worker = the_one(product, SUPERVISOR), the_one(product, WORKER)
    kill(worker)
    wait_gone(worker)
    wait_back(product)
    # Nothing was loaded anew: the next worker is the supervisor's child and runs its program.
    process = tree.read_process(the_one(product, WORKER))
    assert process is not None
    assert process.parent == supervisor
    assert command_of(process.pid) == command_of(supervisor)
    with EventStream(address, token, last) as stream:
        stream.wait("session", lambda one: (one["id"], one["name"]) == (first["id"], "unseen"))
        stream.wait(
            "session",
            lambda one: one["id"] == second["id"] and one["state"] == "running",
            seconds=30,
        )
        assert stream.of_kind("reset") == []
        # What is in memory alone, such as its clock, may tell of a row again as it is.
        for session in (first, second):
            told = [one.data for one in stream.of_kind("session")]
            revisions = [one["revision"] for one in told if one["id"] == session["id"]]
            assert revisions == sorted(revisions)


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def wait_back(product: Product) -> None:
    wait_for(lambda: is_served(product), what="the service to answer again")


def name_of(product: Product, session: dict[str, object], name: str) -> dict[str, object]:
    return {"name": name, "version": product.get(str(session["id"]))["version"]}


def test_a_worker_killed_right_after_it_took_a_request_still_has_it_started(
    product: Product,
) -> None:
    worker = the_one(product, WORKER)
    session = product.create()
    kill(worker)
    wait_gone(worker)
    wait_back(product)
    product.wait_state(session["id"], "running")
    path = f"sessions/{session['id']}/chronicle"
    events = [line["event"] for line in product.api("GET", path, expect=200).json()["items"]]
    assert events == ["created", "asked", "admitted", "ready"]
    assert lab_opens(product, session)


def test_a_killed_supervisor_takes_its_worker_along_and_the_hub_starts_another(
    product: Product,
) -> None:
    session = product.running()
    supervisor, worker = the_one(product, SUPERVISOR), the_one(product, WORKER)
    kill(supervisor)
    wait_gone(worker)
    # The hub itself would look after half a minute.
    wait_for(lambda: is_served(product), seconds=15, what="the hub to start another")
    assert the_one(product, SUPERVISOR) != supervisor
    wait_for(lambda: product.pids(WORKER), what="its worker")
    assert the_one(product, WORKER) != worker
    wait_for(lambda: is_ready(product), what="the link")
    assert product.get(session["id"])["state"] == "running"
    assert lab_opens(product, session)


def test_a_worker_told_to_end_during_many_starts_hands_them_over(product: Product) -> None:
    worker = the_one(product, WORKER)
    sessions = [product.create(name=f"n{number}") for number in range(8)]
    kill(worker, signal.SIGTERM)
    wait_gone(worker, seconds=30)
    wait_for(lambda: is_ready(product), what="the next worker")
    running = [product.wait_state(one["id"], "running") for one in sessions]
    for session in running:
        assert processes_of(product, session["id"]) == [server_process_of(product, session["id"])]
    # It was not the hub that was stopped: an end from now on has its own cause.
    kill(server_process_of(product, running[-1]["id"]))
    assert ended(product, running[-1])["cause"] == "crashed"


def test_a_worker_whose_lease_was_taken_writes_nothing_more_and_is_replaced(
    product: Product,
) -> None:
    session = product.running()
    worker = the_one(product, WORKER)
    with product.database() as engine, engine.begin() as connection:
        connection.execute(text("UPDATE lease SET number = number + 1"))
    wait_gone(worker, seconds=30)
    wait_for(lambda: is_ready(product), what="the next worker")
    assert "lease.lost" in product.log()
    stop(product, session)
    assert ended(product, session)["cause"] == "user"


def test_sessions_outlive_a_killed_fork_server_and_can_be_stopped(product: Product) -> None:
    session = product.running()
    server, forks = server_process_of(product, session["id"]), fork_server_of(product)
    kill(forks)
    wait_gone(forks)
    assert is_alive(server)
    assert lab_opens(product, session)
    stop(product, session)
    assert ended(product, session)["cause"] == "user"
    assert not is_alive(server)
    assert product.running(name="the next one")["state"] == "running"


def test_the_end_of_a_session_whose_keeper_is_killed_is_noticed(product: Product) -> None:
    session = product.running()
    server, keeper = server_process_of(product, session["id"]), keeper_of(product, session["id"])
    kill(keeper)
    found = ended(product, session, seconds=NOTICED_SECONDS)
    assert (found["state"], found["cause"]) == ("failed", "crashed")
    wait_gone(server)


def test_the_crash_of_a_sessions_server_is_noticed_and_explained(product: Product) -> None:
    session = product.running()
    kill(server_process_of(product, session["id"]))
    found = ended(product, session, seconds=NOTICED_SECONDS)
    assert (found["state"], found["cause"], found["status"]) == ("failed", "crashed", "failed")
    assert found["ended_by"] == "session"
    assert "crashed" in found["explanation"]["sentence"]
    assert processes_of(product, session["id"]) == []


def test_what_ended_while_no_worker_ran_is_known_when_one_does(product: Product) -> None:
    session = product.running()
    supervisor, worker = the_one(product, SUPERVISOR), the_one(product, WORKER)
    kill(supervisor, signal.SIGSTOP)
    try:
        kill(worker)
        wait_for(lambda: not is_alive(worker), what="the worker to end")
        kill(server_process_of(product, session["id"]))
        wait_for(lambda: not processes_of(product, session["id"]), what="the session to end")
        wait_for(
            lambda: (product.state / "link" / "outbox.jsonl").stat().st_size,
            what="the report to wait",
        )
    finally:
        kill(supervisor, signal.SIGCONT)
    wait_back(product)
    found = ended(product, session)
    assert (found["state"], found["cause"]) == ("failed", "crashed")
    wait_for(
        lambda: not (product.state / "link" / "outbox.jsonl").stat().st_size,
        what="the report to be confirmed",
    )
