"""The stream of all that a visitor may see: at once, his alone, and nothing missed."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.product import Product
from tests.support.signed_in import SignedIn
from tests.support.streams import Event, EventStream, quiet_stream
from tests.support.waiting import wait_for


@pytest.fixture
def address(product: Product) -> str:
    """Give the address of the stream."""
    return f"{product.base}api/v1/events"


def rename(product: Product, session: dict[str, Any], name: str) -> dict[str, Any]:
    path = f"sessions/{session['id']}"
    body = {"version": product.get(session["id"], user=session["owner"])["version"], "name": name}
    found: dict[str, Any] = product.api(
        "PATCH", path, body, user=session["owner"], expect=200
    ).json()
    return found


def ended(product: Product, user: str) -> dict[str, Any]:
    session = product.create(user=user)
    product.api("POST", f"sessions/{session['id']}/stop", user=user, expect=202)
    product.wait_state(session["id"], "stopped", user=user)
    product.wait_reported()
    return product.get(session["id"], user=user)


def last_id(stream: EventStream) -> str:
    """Return the id that a browser would send when it comes again."""
    found = [event.id for event in stream.events if event.id is not None]
    return found[-1]


def newest(streams: list[Event]) -> dict[str, dict[str, Any]]:
    """Merge what came as the page does: of each session the highest revision."""
    merged: dict[str, dict[str, Any]] = {}
    for event in streams:
        if event.kind == "session":
            known = merged.get(event.data["id"])
            if known is None or known["revision"] <= event.data["revision"]:
                merged[event.data["id"]] = event.data
    return merged


def test_a_stream_says_hello_and_which_build_speaks(product: Product, address: str) -> None:
    me = product.api("GET", "me", expect=200).json()
    with quiet_stream(address, product.token("anna")) as stream:
        hello = stream.of_kind("hello")[0]
        assert hello.data == {"build": me["build"]}
        assert hello.id
        assert stream.answer.headers["content-type"] == "text/event-stream"
        assert stream.answer.headers["cache-control"] == "no-cache"


def test_every_step_of_a_session_comes_within_a_second_as_get_would_show_it(
    product: Product, address: str
) -> None:
    with quiet_stream(address, product.token("anna")) as stream:
        session = product.running()
        seen = stream.wait("session", lambda data: data["state"] == "running", seconds=4)
        assert seen.data["id"] == session["id"]
        assert seen.data == {**product.get(session["id"]), "idle": seen.data["idle"]}
        began = time.monotonic()
        rename(product, session, "seen at once")
        event = stream.wait("session", lambda data: data["name"] == "seen at once", seconds=4)
        assert event.at - began < 1
        product.api("POST", f"sessions/{session['id']}/stop", expect=202)
        product.wait_state(session["id"], "stopped")
        stream.wait("session", lambda data: data["state"] == "stopped", seconds=4)
        states = [event.data["state"] for event in stream.of_kind("session")]
        assert states.index("running") < states.index("stopped")
        assert stream.of_kind("limits")


def test_a_change_of_drives_is_told_to_their_owner(product: Product, address: str) -> None:
    user = product.new_user()
    with quiet_stream(address, product.token(user)) as stream:
        product.api("POST", "drives", {"name": "data"}, user=user, expect=201)
        assert stream.wait("drive", seconds=4).data == {}


def test_who_mounts_a_drive_is_told_when_it_changes(product: Product, address: str) -> None:
    user = product.new_user()
    with quiet_stream(address, product.token(user)) as stream:
        session = product.running(user=user)
        assert stream.wait("drive").data == {}
        count = len(stream.of_kind("drive"))
        product.api("POST", f"sessions/{session['id']}/stop", {}, user=user)
        stream.wait("session", lambda data: data["state"] == "stopped")
        wait_for(lambda: len(stream.of_kind("drive")) > count, what="news of drives")
    (drive,) = product.api("GET", "drives", user=user, expect=200).json()["items"]
    assert drive["mounted_by"] == []
    assert drive["last_used_at"] == product.get(session["id"], user=user)["ended_at"]


def test_the_stream_of_somebody_else_stays_silent(product: Product, address: str) -> None:
    silent, busy = product.new_user(), product.new_user()
    with (
        quiet_stream(address, product.token(silent)) as nothing,
        quiet_stream(address, product.token(busy)) as something,
    ):
        session = ended(product, busy)
        something.wait("session", lambda data: data["state"] == "stopped")
        product.api("POST", "drives", {"name": "loud"}, user=busy, expect=201)
        rename(product, session, "loud")
        something.wait("session", lambda data: data["name"] == "loud")
        assert [one.kind for one in nothing.events if one.kind != "beat"] == ["hello"]


def test_an_administrator_follows_everybody_without_the_values_of_their_variables(
    product: Product, address: str
) -> None:
    with quiet_stream(address, product.token("admin")) as stream:
        session = product.create(env={"KEY": "canary-of-a-stream"})
        event = stream.wait("session", lambda data: data["id"] == session["id"])
        assert event.data["env"] == {"KEY": "•••"}
        product.wait_state(session["id"], "running")
        assert "canary-of-a-stream" not in repr(stream.events)


def test_whoever_comes_again_gets_what_he_missed(product: Product, address: str) -> None:
    user = product.new_user()
    token = product.token(user)
    with quiet_stream(address, token) as stream:
        first = ended(product, user)
        stream.wait("session", lambda data: data["state"] == "stopped")
        seen = last_id(stream)
    second = ended(product, user)
    rename(product, first, "while away")
    with EventStream(address, token, seen) as again:
        again.wait("session", lambda data: data["name"] == "while away")
        merged = newest(again.events)
        assert merged[second["id"]]["state"] == "stopped"
        assert not again.of_kind("reset")


def test_nothing_is_missed_across_a_restart_of_the_service(product: Product, address: str) -> None:
    user = product.new_user()
    token = product.token(user)
    with quiet_stream(address, token) as stream:
        session = ended(product, user)
        stream.wait("session", lambda data: data["state"] == "stopped")
        product.kill_worker()
        seen = last_id(stream)
    renamed = rename(product, session, "by the next worker")
    with EventStream(address, token, seen) as again:
        event = again.wait("session", lambda data: data["name"] == "by the next worker")
        assert event.data["revision"] == renamed["revision"]
        assert not again.of_kind("reset")


def test_a_reader_that_comes_and_goes_all_the_time_misses_nothing(
    product: Product, address: str
) -> None:
    user = product.new_user()
    token = product.token(user)
    sessions = [ended(product, user) for _ in range(3)]
    events: list[Event] = []

    def work(session: dict[str, Any]) -> None:
        for number in range(12):
            rename(product, session, f"name {number}")

    with quiet_stream(address, token) as stream:
        seen = last_id(stream)
    with ThreadPoolExecutor(3) as pool:
        changes = [pool.submit(work, session) for session in sessions]
        while not all(change.done() for change in changes):
            seen = read_a_little(address, token, seen, events)
        for change in changes:
            change.result()
    for _ in range(2):
        seen = read_a_little(address, token, seen, events)
    assert {one["name"] for one in newest(events).values()} == {"name 11"}
    assert set(newest(events)) == {session["id"] for session in sessions}


def read_a_little(address: str, token: str, seen: str, events: list[Event]) -> str:
    """Read two events or what comes in a moment; return the id to go on from."""
    with EventStream(address, token, seen) as stream:
        stream.wait("hello")
        with_time = time.monotonic() + 0.3
        wait_for(lambda: len(stream.events) > 2 or time.monotonic() > with_time)
    events += stream.events
    ids = [event.id for event in stream.events if event.id is not None]
    return ids[-1] if ids else seen


@pytest.mark.parametrize("foreign", ["garbage", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "x" * 3000])
def test_an_id_that_is_none_makes_the_reader_load_anew(
    product: Product, address: str, foreign: str
) -> None:
    with EventStream(address, product.token("anna"), foreign) as stream:
        assert stream.wait("reset").id


def test_nothing_is_missed_between_the_pages_first_list_and_its_stream(
    product: Product, address: str
) -> None:
    user = product.new_user()
    token = product.token(user)
    session = ended(product, user)
    with contextlib.closing(SignedIn(product, user)) as page:
        position = page.boot["events_after"]
        assert session["id"] not in [one["id"] for one in page.boot["sessions"]["items"]]
    renamed = rename(product, session, "between list and stream")
    made = product.create(user=user)
    with EventStream(f"{address}?after={position}", token) as stream:
        stream.wait("session", lambda data: data["id"] == made["id"])
        assert newest(stream.events)[session["id"]]["revision"] == renamed["revision"]
        assert stream.of_kind("hello")[0].id is None, "a page that loses the line now starts there"
        assert not stream.of_kind("reset")
        seen = last_id(stream)
    # The browser comes again with the same address: the header tells where it is now.
    with EventStream(f"{address}?after={position}", token, seen) as again:
        again.wait("hello")
        product.api("POST", f"sessions/{made['id']}/stop", user=user, expect=202)
        again.wait("session", lambda data: data["state"] == "stopped")
        assert {event.data["id"] for event in again.of_kind("session")} == {made["id"]}
    with EventStream(f"{address}?after=garbage", token) as stream:
        stream.wait("reset")
    product.api("GET", f"events?after={'x' * 257}", token=token, expect=422)


def test_a_replay_shows_what_the_visitor_may_see_now(product: Product, address: str) -> None:
    boss = product.new_user("boss")
    admin, token = product.token("admin"), product.token(boss)
    product.hub("PATCH", f"users/{boss}", {"admin": True}, token=admin)
    with quiet_stream(address, token) as stream:
        foreign = ended(product, product.new_user())
        stream.wait("session", lambda data: data["id"] == foreign["id"])
        seen = stream.of_kind("hello")[0].id
    product.hub("PATCH", f"users/{boss}", {"admin": False}, token=admin)
    wait_for(
        lambda: not product.api("GET", "me", user=boss).json()["admin"],
        seconds=12,
        every=0.2,
        what="the right to be over",
    )
    own = ended(product, boss)
    with EventStream(address, token, seen) as again:
        again.wait("session", lambda data: data["id"] == own["id"])
        assert set(newest(again.events)) == {own["id"]}
        replayed = newest(again.events)[own["id"]]
        assert {**product.get(own["id"], user=boss), "idle": replayed["idle"]} == replayed
        assert not again.of_kind("removed"), "an id that this stream has not shown"


def test_an_id_tells_nothing_and_serves_nobody_else(product: Product, address: str) -> None:
    users = [product.new_user(), product.new_user()]
    ids = []
    for user in users:
        with quiet_stream(address, product.token(user)) as stream:
            ids.append(last_id(stream))
    assert ids[0] != ids[1]
    assert not any(character in ids[0] for character in "=&?/")
    assert not ids[0].isdigit()
    with EventStream(address, product.token(users[1]), ids[0]) as stream:
        stream.wait("reset")


def test_a_silent_stream_has_a_heartbeat_and_ends_soon_after_the_right_to_it(
    product: Product, address: str
) -> None:
    user, boss = product.new_user(), product.new_user("boss")
    made = product.hub("POST", f"users/{user}/tokens", {}).json()
    admin = product.token("admin")
    product.hub("PATCH", f"users/{boss}", {"admin": True}, token=admin)
    everybody = "sessions?owner=*&tab=history"
    assert product.api("GET", everybody, user=boss, expect=200).json()["total"] > 0
    with (
        quiet_stream(address, made["token"]) as revoked,
        quiet_stream(address, product.token(boss)) as demoted,
    ):
        opened = revoked.of_kind("hello")[0].at
        beat = revoked.wait("beat", seconds=12)
        assert beat.at - opened > 4
        assert (beat.data, beat.id) == ({}, None)
        product.hub("DELETE", f"users/{user}/tokens/{made['id']}")
        product.hub("PATCH", f"users/{boss}", {"admin": False}, token=admin)
        changed = time.monotonic()
        for stream in (revoked, demoted):
            assert stream.wait("signed-out", seconds=14).at - changed < 12
        # Who was an administrator until a moment ago reaches nobody else's session any more.
        assert not product.api("GET", "me", user=boss, expect=200).json()["admin"]
        foreign = ended(product, user)
        seen = len(demoted.events)
        for method, path in (("GET", ""), ("POST", "/stop"), ("POST", "/restart")):
            product.api(method, f"sessions/{foreign['id']}{path}", user=boss, expect=404)
        assert len(demoted.events) == seen
        wait_for(lambda: revoked.is_over and demoted.is_over, seconds=2, what="both to end")
    product.api("GET", "me", token=made["token"], expect=401)
    assert product.api("GET", everybody, user=boss, expect=200).json()["total"] == 0
