"""Fault 12: rows that cannot be read are shown with a sentence; everything else goes on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.product import Product
from tests.support.waiting import wait_for

DAMAGES = {
    "state": {"state": "hibernating"},
    "cause": {"cause": "bored"},
    "time": {"started_at": "yesterday"},
}


@contextlib.contextmanager
def damaged(product: Product, session_id: str, values: dict[str, Any]) -> Iterator[None]:
    """Change a row as no code of ours would, and change it back."""
    with product.database() as engine:
        if engine.dialect.name == "postgresql":
            values = {k: "infinity" if k.endswith("_at") else v for k, v in values.items()}
        columns = ", ".join(values)
        read = text(f"SELECT {columns} FROM sessions WHERE id = :id")  # noqa: S608
        changes = ", ".join(f"{name} = :{name}" for name in values)
        write = text(f"UPDATE sessions SET {changes} WHERE id = :id")  # noqa: S608
        with engine.begin() as db:
            row = db.execute(read, {"id": session_id}).mappings().one()
            # PostgreSQL gives JSON as data, and takes it as text.
            kept = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in row.items()}
            db.execute(write, {**values, "id": session_id})
        try:
            yield
        finally:
            with engine.begin() as db:
                db.execute(write, {**kept, "id": session_id})


def listed(product: Product, tab: str) -> dict[str, dict[str, Any]]:
    answer = product.api("GET", f"sessions?tab={tab}&limit=100", expect=200)
    return {one["id"]: one for one in answer.json()["items"]}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_live_row_is_shown_and_left_alone(product: Product, what: str) -> None:
    good, bad = product.running(), product.running()
    with damaged(product, bad["id"], DAMAGES[what]):
        product.kill_worker()
        items = listed(product, "active")
        assert items[good["id"]]["state"] == "running"
        shown = items[bad["id"]]
        assert shown["name"] == bad["name"]
        assert shown["problem"] == shown["explanation"]["sentence"]
        assert shown["problem"].startswith("The record of this session cannot be read: ")
        one = product.get(bad["id"])
        assert one["problem"] == shown["problem"]
        path = f"sessions/{bad['id']}"
        for action, body in (("stop", None), ("extend", {"seconds": 600}), ("restart", None)):
            answer = product.api("POST", f"{path}/{action}", body, expect=409)
            assert answer.json()["error"]["message"] == shown["problem"]
        product.api("PATCH", path, {"version": 1, "name": "x"}, expect=409)
        product.api("GET", f"{path}/chronicle", expect=200)
        product.api("GET", f"{path}/clone", expect=200)
        # The reconciler looks every 2 s here, and what it cannot read it does not end.
        other = product.running()
        product.api("POST", f"sessions/{other['id']}/stop", expect=202)
        product.wait_state(other["id"], "stopped")
        product.api("PATCH", f"sessions/{good['id']}", {"version": good["version"], "name": "g"})
        assert product.get(good["id"])["name"] == "g"
        assert any(bad["id"] in finding.sentence for finding in product.examine())
        assert "reconcile.failed" not in product.log()
    product.kill_worker()
    assert product.get(bad["id"])["state"] == "running"


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_row_of_history_is_shown_there(product: Product, what: str) -> None:
    session = product.running()
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    with damaged(product, session["id"], DAMAGES[what]):
        product.kill_worker()
        assert listed(product, "history")[session["id"]]["problem"]
        assert product.running()["state"] == "running"


@pytest.mark.parametrize(
    "kept", ['{"version": 2, "environment": "python"}', '{"version": 1, "x": 1}', "[]"]
)
def test_a_session_whose_request_cannot_be_read_is_stopped_and_not_started_again(
    product: Product, kept: str
) -> None:
    session = product.running()
    path = f"sessions/{session['id']}"
    with damaged(product, session["id"], {"request": kept}):
        product.kill_worker()
        shown = listed(product, "active")[session["id"]]
        assert shown["state"] == "running"
        assert shown["problem"].startswith("What this session was started with cannot be read: ")
        product.api("POST", f"{path}/stop", expect=202)
        ended = product.wait_state(session["id"], "stopped")
        assert ended["allowed"]["restart"] == ended["problem"]
        for method, action in (("POST", "restart"), ("GET", "clone")):
            answer = product.api(method, f"{path}/{action}", expect=409)
            assert "cannot be read" in answer.json()["error"]["message"]


def test_a_start_whose_request_cannot_be_read_is_refused_with_a_sentence(
    product: Product,
) -> None:
    session = product.running()
    product.stop_all()
    # Back to where it waited for the hub, with a request of a version that nobody knows.
    anew = (
        "state = 'created', status = 'pending', wanted = 'run', cause = NULL, ended_at = NULL, "
        "ended_by = NULL, started_at = NULL, ready_at = NULL, generation = 0, lines = 1, "
        "is_live = :yes, in_history = :no, request = :kept"
    )
    values = {"yes": True, "no": False, "kept": '{"version": 7}', "id": session["id"]}
    with product.database() as engine, engine.begin() as db:
        db.execute(text("DELETE FROM chronicle WHERE session_id = :id AND n > 1"), values)
        db.execute(text(f"UPDATE sessions SET {anew} WHERE id = :id"), values)  # noqa: S608
    product.kill_worker()
    wait_for(lambda: product.get(session["id"])["state"] == "failed", seconds=20, what="a refusal")
    found = product.get(session["id"])
    assert found["cause"] == "refused"
