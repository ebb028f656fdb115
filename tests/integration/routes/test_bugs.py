"""A bug of ours: an answer with an id and nothing of the inside, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.support.product import Product

from .cases import CASES, Key, World, label, make_asked

READS = [
    key
    for key in CASES
    if key[0] == "GET" and "sessions/{id}" in key[1] and not key[1].endswith("chronicle")
]


@contextmanager
def a_broken_row(product: Product, session_id: str) -> Iterator[None]:
    """Have a session's request be something that no version of ours ever wrote."""
    change = text("UPDATE sessions SET request = :request WHERE id = :id")
    read = text("SELECT CAST(request AS TEXT) FROM sessions WHERE id = :id")
    with product.database() as engine:
        with engine.begin() as db:
            before = db.execute(read, {"id": session_id}).scalar_one()
            db.execute(change, {"id": session_id, "request": '["canary-of-the-inside"]'})
        try:
            yield
        finally:
            with engine.begin() as db:
                db.execute(change, {"id": session_id, "request": before})


@pytest.mark.parametrize("key", READS, ids=label)
def test_a_bug_is_answered_with_an_id_that_the_log_has_and_nothing_more(
    product: Product, world: World, key: Key
) -> None:
    with a_broken_row(product, world.session):
        answer = make_asked(world, key, product.token(world.owner)).send(product)
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "id"}
    assert error["code"] == "internal"
    assert error["id"] in error["message"]
    assert "canary-of-the-inside" not in answer.text
    assert f"request.failed id={error['id']}" in product.log()


def test_after_a_bug_everything_goes_on(product: Product, world: World) -> None:
    with a_broken_row(product, world.session):
        assert world.call("GET", "me")["name"] == world.owner
        running = product.running(user=world.stranger)
        assert running["state"] == "running"
    assert world.call("GET", f"sessions/{world.session}")["state"] == "stopped"
