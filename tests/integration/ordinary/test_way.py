"""Start, use, stop and crash of sessions that are plain subprocesses of the hub."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sessions_spawner.local import notes, tree
from tests.integration.faults.world import HUB, is_alive, lab_opens, the_one
from tests.support.inside import call_lab, env_of, env_of_kernel
from tests.support.product import Product
from tests.support.waiting import wait_for


def server_of(product: Product, session: dict[str, Any]) -> int:
    """Return the pid of a session's program."""
    found = servers_of(product, session)
    assert len(found) == 1, found
    return found[0]


def servers_of(product: Product, session: dict[str, Any]) -> list[int]:
    """Return the pid of a session's program, none as long as it was not started."""
    return [
        note.pid
        for note in notes.read_all(product.state / "processes")
        if note.key.startswith(f"{session['id']}:") and not note.ended
    ]


def family_of(pid: int) -> list[int]:
    """Return a program with all that it has started."""
    return [pid, *(process.pid for process in tree.descendants(pid))]


def stop(product: Product, session: dict[str, Any]) -> dict[str, Any]:
    """Stop a session and return it once it has ended."""
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    return product.wait_state(session["id"], "stopped", "failed")


def test_a_session_is_a_child_of_the_hub_and_serves_its_owner(product: Product) -> None:
    session = product.running()
    server = tree.read_process(server_of(product, session))
    assert server is not None
    assert server.parent == the_one(product, HUB)
    assert server.group == server.pid
    assert not product.pids(r"sessions_spawner\.local\.fork_server")
    assert lab_opens(product, session)
    env = env_of(server.pid)
    assert env["SESSIONS_ID"] == session["id"]
    assert Path(env["HOME"]).is_relative_to(product.state / "drives")
    assert env_of_kernel(product, session)["SESSIONS_ID"] == session["id"]
    story = product.api("GET", f"sessions/{session['id']}/chronicle", expect=200).json()["items"]
    assert [line["event"] for line in story] == ["created", "asked", "admitted", "ready"]


def test_a_module_on_the_drive_is_not_taken_for_one_of_the_servers(product: Product) -> None:
    session = product.running()
    home = Path(env_of(server_of(product, session))["HOME"])
    stop(product, session)
    (home / "json.py").write_text("raise SystemExit('the wrong module')\n")
    try:
        assert lab_opens(product, product.running())
    finally:
        (home / "json.py").unlink()


def test_a_stop_ends_kernels_and_programs_that_do_not_want_to(product: Product) -> None:
    session = product.running(environment="stubborn")
    answer = call_lab(product, session, "POST", "api/kernels", {})
    assert answer.status_code == 201, answer.text
    family = family_of(server_of(product, session))
    assert len({process.group for pid in family if (process := tree.read_process(pid))}) > 2
    found = stop(product, session)
    assert (found["state"], found["cause"], found["ended_by"]) == ("stopped", "user", "anna")
    assert not [pid for pid in family if is_alive(pid)]


def test_a_session_that_is_killed_is_seen_at_once_with_its_cause(product: Product) -> None:
    session = product.running()
    family = family_of(server_of(product, session))
    os.kill(family[0], signal.SIGKILL)
    found = product.wait_state(session["id"], "failed", "stopped", seconds=20)
    assert (found["state"], found["cause"]) == ("failed", "crashed")
    assert "was killed" in found["explanation"]["sentence"]
    wait_for(lambda: not [pid for pid in family if is_alive(pid)], what="nothing to be left")


def test_a_session_that_ends_by_itself_is_done(product: Product) -> None:
    session = product.running()
    os.kill(server_of(product, session), signal.SIGTERM)
    found = product.wait_state(session["id"], "failed", "stopped", seconds=20)
    assert (found["state"], found["cause"], found["status"]) == ("stopped", "exited", "done")


@pytest.mark.parametrize(
    ("environment", "cause", "sentence"),
    [
        ("missing", "crashed", "exit code 127"),
        ("ends", "crashed", "exit code 3"),
        ("silent", "start-timeout", "It was not ready after 4 s."),
    ],
)
def test_a_start_that_fails_says_why_and_leaves_nothing(
    product: Product, environment: str, cause: str, sentence: str
) -> None:
    session = product.create(environment=environment)
    found = product.wait_state(session["id"], "failed", "stopped", "running")
    assert (found["state"], found["cause"]) == ("failed", cause)
    assert sentence in found["explanation"]["sentence"]
    assert product.api("GET", "limits", expect=200).json()["sessions"]["used"] == 0


def test_a_start_that_is_cancelled_leaves_nothing(product: Product) -> None:
    session = product.create(environment="silent")
    product.wait_state(session["id"], "provisioning")
    (pid,) = wait_for(lambda: servers_of(product, session), what="a process")
    assert stop(product, session)["cause"] == "user"
    assert not is_alive(pid)


@pytest.mark.slow
def test_a_session_outlives_a_killed_hub_and_is_found_and_stopped_by_the_next(
    product: Product,
) -> None:
    first, second = product.running(), product.running(environment="other")
    servers = [server_of(product, one) for one in (first, second)]
    product.kill_hub()
    assert all(is_alive(pid) for pid in servers)
    product.start()
    assert lab_opens(product, first)
    assert stop(product, first)["cause"] == "user"
    assert not is_alive(servers[0])
    os.kill(servers[1], signal.SIGKILL)
    found = product.wait_state(second["id"], "failed", "stopped", seconds=20)
    assert (found["state"], found["cause"]) == ("failed", "crashed")


def test_a_hub_that_is_stopped_takes_its_sessions_along(product: Product) -> None:
    session = product.running()
    server = server_of(product, session)
    product.stop()
    assert not is_alive(server)
    product.start()
    found = product.wait_state(session["id"], "stopped", "failed", seconds=20)
    assert (found["state"], found["cause"]) == ("stopped", "shutdown")
