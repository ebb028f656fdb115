"""Who did something is said with the kind of actor: people may be called like our own parts."""

from __future__ import annotations

import pytest

from tests.support.product import Product


@pytest.mark.parametrize("name", ["hub", "clock"])
def test_a_user_called_like_a_part_is_shown_as_the_person(product: Product, name: str) -> None:
    session = product.running(user=name)
    path = f"sessions/{session['id']}"
    product.api("POST", f"{path}/extend", {"seconds": 600}, user=name, expect=200)
    product.api("POST", f"{path}/stop", user=name, expect=202)
    ended = product.wait_state(session["id"], "stopped", user=name)
    assert (ended["ended_by"], ended["ended_by_kind"]) == (name, "person")
    assert ended["explanation"]["sentence"] == "You stopped it."
    seen = product.get(session["id"], user="admin")
    assert seen["explanation"]["sentence"] == f"{name} stopped it."
    lines = product.api("GET", f"{path}/chronicle", user="admin", expect=200).json()["items"]
    said = {line["event"]: line for line in lines}
    assert said["created"]["sentence"] == f"{name} asked for this session."
    assert said["stop"]["sentence"] == f"{name} stopped it."
    kinds = {event: line["actor_kind"] for event, line in said.items()}
    assert kinds["created"] == kinds["extended"] == kinds["stop"] == "person"
    assert kinds["asked"] == kinds["admitted"] == kinds["ready"] == "part"
    (until,) = said["extended"]["times"]
    assert until["text"] in said["extended"]["sentence"]


def test_the_hub_itself_is_a_part(product: Product) -> None:
    session = product.running(user="hub")
    server = f"users/hub/servers/{session['server']}"
    product.hub("DELETE", server, token=product.token("hub"))
    ended = product.wait_state(session["id"], "stopped", user="hub")
    assert (ended["ended_by"], ended["ended_by_kind"]) == ("hub", "part")
    assert ended["explanation"]["sentence"] == "It was stopped through the hub."
