"""The stream of one session: its stages as they come, the past replayed, the end explained."""

from __future__ import annotations

from typing import Any

from tests.support.product import Product
from tests.support.streams import EventStream

STAGES = ["created", "preparing drive", "starting", "waiting for the server", "ready"]


def follow(product: Product, session: dict[str, Any], user: str | None = None) -> EventStream:
    address = f"{product.base}api/v1/sessions/{session['id']}/events"
    return EventStream(address, product.token(user or session["owner"]))


def names_of(stream: EventStream) -> list[str]:
    return [event.data["name"] for event in stream.of_kind("stage")]


def test_two_who_follow_a_start_both_see_its_stages_and_its_doors_open(product: Product) -> None:
    session = product.create(environment="other")
    with follow(product, session) as first, follow(product, session, "admin") as second:
        for stream in (first, second):
            stream.wait("access", lambda data: data["lab"]["state"] == "ready", seconds=30)
            stream.wait("session", lambda data: data["state"] == "running")
            seen = names_of(stream)
            assert seen == [name for name in STAGES if name in seen], "out of order, or twice"
            assert seen[:2] == STAGES[:2]
            percents = [event.data["percent"] for event in stream.of_kind("progress")]
            assert percents == sorted(percents)
            assert percents


def test_the_past_is_replayed_to_whoever_comes_later(product: Product) -> None:
    session = product.running()
    with follow(product, session) as stream:
        stream.wait("session", lambda data: data["state"] == "running")
        assert names_of(stream) == STAGES
        assert {event.data["state"] for event in stream.of_kind("stage")} == {"done"}
        times = [event.data["started_at"] for event in stream.of_kind("stage")]
        assert times == sorted(times)


def test_an_end_comes_with_its_explanation_live_and_replayed(product: Product) -> None:
    session = product.running()
    with follow(product, session) as live:
        live.wait("session")
        product.api("POST", f"sessions/{session['id']}/stop", {"reason": "done"}, expect=202)
        end = live.wait("end", seconds=10)
        assert end.data["explanation"]["sentence"] == "You stopped it: ‘done’."
    with follow(product, session) as later:
        assert later.wait("end").data == end.data
        assert later.wait("access").data["lab"]["state"] == "off"


def test_a_failed_start_is_replayed_with_its_last_lines(product: Product) -> None:
    session = product.create(environment="ends")
    with follow(product, session) as live:
        assert live.wait("lines").data["lines"][-1] == "boom"
        assert "exit code 3" in live.wait("end").data["explanation"]["sentence"]


def test_the_owner_and_an_administrator_are_told_the_same_in_their_own_words(
    product: Product,
) -> None:
    session = product.create()
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    with follow(product, session) as own, follow(product, session, "admin") as admins:
        assert own.wait("end").data["explanation"]["sentence"] == "You stopped it."
        assert admins.wait("end").data["explanation"]["sentence"] == "anna stopped it."
