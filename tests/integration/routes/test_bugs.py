"""A bug of ours: an answer with an id and nothing of the inside, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.support.product import Product
from tests.support.waiting import wait_for

from .cases import Key, World, label, make_asked

# An operation, and the table that its code wants in vain.
BUGS: dict[Key, str] = {
    ("GET", "api/v1/sessions/{id}/chronicle"): "chronicle",
    ("GET", "api/v1/drives"): "drives",
    ("GET", "api/v1/drives/{drive}"): "drives",
}


@contextmanager
def a_missing_table(product: Product, table: str) -> Iterator[None]:
    """Have a table be called something that no code of ours knows."""
    with product.database() as engine:
        with engine.begin() as db:
            db.execute(text(f"ALTER TABLE {table} RENAME TO canary_of_the_inside"))
        try:
            yield
        finally:
            with engine.begin() as db:
                db.execute(text(f"ALTER TABLE canary_of_the_inside RENAME TO {table}"))


@pytest.mark.parametrize("key", BUGS, ids=label)
def test_a_bug_is_answered_with_an_id_that_the_log_has_and_nothing_more(
    product: Product, world: World, key: Key
) -> None:
    token = product.token(world.owner)
    with a_missing_table(product, BUGS[key]):
        answer = make_asked(world, key, token).send(product)
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "id"}
    assert error["code"] == "internal"
    assert error["message"] == f"Something on our side failed (id {error['id']})."
    wait_for(lambda: f"request.failed id={error['id']}" in product.log(), what="its line")
    assert make_asked(world, key, token).send(product).status_code == 200


def test_after_a_bug_everything_goes_on(product: Product, world: World) -> None:
    path = f"sessions/{world.session}/chronicle"
    with a_missing_table(product, "chronicle"):
        product.api("GET", path, user=world.owner, expect=500)
        assert world.call("GET", "me")["name"] == world.owner
        assert world.call("GET", f"sessions/{world.session}")["state"] == "stopped"
    assert product.running(user=world.stranger)["state"] == "running"
    assert world.call("GET", path)["items"]
