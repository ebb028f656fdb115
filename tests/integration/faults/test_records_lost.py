"""Records and servers that do not match: adopted, ended, or let be, and the rest goes on."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from sessions_service.db.engine import Db
from sessions_service.sessions import store
from tests.support.inside import processes_of, server_process_of
from tests.support.product import Product
from tests.support.records import begin_next, end
from tests.support.waiting import wait_for

from .world import SUPERVISOR, WORKER, ended, is_ready, kill, lab_opens, stop, the_one, wait_gone


@contextlib.contextmanager
def no_worker(product: Product) -> Iterator[None]:
    """Have no worker run for the time of a block, as when somebody restores a database."""
    supervisor, worker = the_one(product, SUPERVISOR), the_one(product, WORKER)
    kill(supervisor, signal.SIGSTOP)
    try:
        kill(worker)
        wait_gone(worker)
        yield
    finally:
        kill(supervisor, signal.SIGCONT)
    wait_for(lambda: is_ready(product), what="the service to be ready")


def execute(product: Product, session: dict[str, Any], *statements: str) -> None:
    """Change the database behind the service's back; `:id` is the session's."""
    with product.database() as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), {"id": session["id"]})


def lose_record(product: Product, session: dict[str, Any]) -> None:
    """Take a session out of the database, as restoring an older one does."""
    execute(
        product,
        session,
        "DELETE FROM chronicle WHERE session_id = :id",
        "DELETE FROM session_drives WHERE session_id = :id",
        "DELETE FROM sessions WHERE id = :id",
    )


def adopted(product: Product, session: dict[str, Any]) -> dict[str, Any]:
    """Return a session once it has a record again and runs."""
    path = f"sessions/{session['id']}"
    wait_for(lambda: product.api("GET", path).status_code == 200, what="a record")
    return product.wait_state(session["id"], "running")


def test_a_running_session_whose_record_was_lost_is_adopted_as_it_is(product: Product) -> None:
    session = product.running(name="kept", idle_timeout=3600)
    server = server_process_of(product, session["id"])
    with no_worker(product):
        lose_record(product, session)
    found = adopted(product, session)
    same = ("id", "server", "name", "owner", "environment", "drive", "idle_timeout", "urls")
    assert {name: found[name] for name in same} == {name: session[name] for name in same}
    assert server_process_of(product, session["id"]) == server
    assert lab_opens(product, found)
    story = product.api("GET", f"sessions/{session['id']}/chronicle", expect=200).json()["items"]
    assert [line["event"] for line in story] == ["created", "admitted", "recovered", "ready"]
    assert "made anew" in story[2]["sentence"]
    wait_for(lambda: not product.examine(), what="everything to agree")
    stop(product, session)
    assert ended(product, session)["cause"] == "user"
    assert processes_of(product, session["id"]) == []


def test_a_session_that_came_through_the_hub_is_adopted_like_any_other(product: Product) -> None:
    product.hub("POST", "users/anna/servers/mine", {}, token=product.token("anna"))

    def mine() -> dict[str, Any]:
        items = product.api("GET", "sessions?limit=100", expect=200).json()["items"]
        return next((one for one in items if one["server"] == "mine"), {})

    session = product.wait_state(wait_for(mine, what="it to be listed")["id"], "running")
    with no_worker(product):
        lose_record(product, session)
    found = adopted(product, session)
    assert (found["server"], found["origin"], found["owner"]) == ("mine", "hub", "anna")
    assert lab_opens(product, found)


def test_a_session_that_started_after_the_backup_was_made_is_found_again(product: Product) -> None:
    session = product.running()
    with no_worker(product):
        execute(
            product,
            session,
            "UPDATE sessions SET state = 'starting', generation = 0, token_sha256 = NULL, "
            "ready_at = NULL, lines = 2 WHERE id = :id",
            "DELETE FROM chronicle WHERE session_id = :id AND n > 2",
        )
    found = product.wait_state(session["id"], "running")
    assert lab_opens(product, found)
    assert processes_of(product, session["id"])


def test_a_server_of_a_session_that_has_ended_is_stopped(product: Product) -> None:
    session = product.running()
    with no_worker(product), product.database() as engine, Db(engine) as db:
        begin_next(db)
        end(db, store.need(db, session["id"]), at=datetime.now(UTC))
        store.note_removed(db, session["id"])
        db.commit()
    wait_for(lambda: not processes_of(product, session["id"]), what="its processes to end")
    assert product.get(session["id"])["state"] == "stopped"


def test_a_record_that_cannot_be_read_stops_no_other(product: Product) -> None:
    broken, other = product.running(name="broken"), product.running(name="other")
    with no_worker(product):
        execute(product, broken, "UPDATE sessions SET state = 'from-tomorrow' WHERE id = :id")
        kill(server_process_of(product, other["id"]))
        wait_for(lambda: not processes_of(product, other["id"]), what="the session to end")
    assert ended(product, other)["cause"] == "crashed"
    assert product.running(name="the next one")["state"] == "running"
    assert processes_of(product, broken["id"]), "what cannot be read is let be"
    with no_worker(product):
        execute(product, broken, "UPDATE sessions SET state = 'running' WHERE id = :id")
    assert product.get(broken["id"])["state"] == "running"
