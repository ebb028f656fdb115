"""The hub's pages lead to the session behind a server, and say why it ended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import httpx
import pytest

from tests.support.hub_pages import as_a_browser, send_spawn_form
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


@pytest.fixture
def anna(product: Product) -> Iterator[httpx.Client]:
    with contextlib.closing(as_a_browser(product, "anna")) as client:
        yield client


def started(product: Product, client: httpx.Client, **fields: str) -> str:
    """Start a session by the spawn page and return its id."""
    before = {one["id"] for one in listed(product)}
    send_spawn_form(client, **fields)
    new = wait_for(lambda: [one for one in listed(product) if one["id"] not in before], seconds=10)
    return str(new[0]["id"])


def listed(product: Product) -> list[dict[str, object]]:
    """Return anna's sessions, ended ones too."""
    tabs = ("active", "history")
    return [
        one
        for tab in tabs
        for one in product.api("GET", f"sessions?tab={tab}&limit=100", expect=200).json()["items"]
    ]


def link_to(session_id: str) -> str:
    return f'<a href="/services/sessions/s/{session_id}/status">What is happening?</a>'


def told(client: httpx.Client, address: str, session_id: str) -> str:
    """Return a page of the hub's once it links to a session."""

    def look() -> str:
        page = client.get(address).text
        return page if link_to(session_id) in page else ""

    return wait_for(look, seconds=10)


def test_the_pending_page_leads_to_the_start(product: Product, anna: httpx.Client) -> None:
    session_id = started(product, anna, environment="patient")
    assert link_to(session_id) in anna.get("/hub/spawn-pending/anna").text
    with contextlib.closing(as_a_browser(product, "admin")) as admin:
        assert link_to(session_id) in admin.get("/hub/spawn-pending/anna").text


def test_a_start_that_fails_later_leaves_what_was_typed(
    product: Product, anna: httpx.Client
) -> None:
    session_id = started(product, anna, environment="silent", name="kept for later")
    product.wait_state(session_id, "failed")

    def look() -> str:
        page = anna.get("/hub/spawn").text
        return page if "This is what you typed before." in page else ""

    # Nobody else finds it, nor takes it away from her.
    with contextlib.closing(as_a_browser(product, "admin")) as admin:
        for address in ("/hub/spawn/anna", "/hub/spawn"):
            assert "kept for later" not in admin.get(address).text
    assert "kept for later" not in anna.get("/hub/spawn/anna/another").text
    # Starting it again does not begin with an empty form.
    form = wait_for(look, seconds=10)
    assert 'value="kept for later"' in form
    assert 'value="kept for later"' not in anna.get("/hub/spawn").text


def test_the_page_of_a_failed_start_says_the_cause(product: Product, anna: httpx.Client) -> None:
    session_id = started(product, anna, environment="ends")
    failed = product.wait_state(session_id, "failed")
    sentence = str(failed["explanation"]["sentence"]).partition(" ")[0]

    page = told(anna, "/hub/spawn-pending/anna", session_id)
    assert "Spawn failed" in page
    assert f"<p>{sentence}" in page


def test_the_page_of_a_server_that_was_stopped_says_so(
    product: Product, anna: httpx.Client
) -> None:
    session_id = started(product, anna)
    product.wait_state(session_id, "running")
    product.api("POST", f"sessions/{session_id}/stop", {}, expect=202)
    product.wait_state(session_id, "stopped")
    page = told(anna, "/user/anna/", session_id)
    assert "<p>You stopped it.</p>" in page


def test_a_start_that_is_refused_says_nothing_of_the_session_before(
    product: Product, anna: httpx.Client
) -> None:
    session_id = started(product, anna)
    product.wait_state(session_id, "running")
    product.api("POST", f"sessions/{session_id}/stop", {}, expect=202)
    product.wait_state(session_id, "stopped")
    body = {"environment": "python", "idle_timeout": 1}
    product.hub("POST", "users/anna/server", body, expect=(400,))
    assert link_to(session_id) not in anna.get("/hub/spawn-pending/anna").text


def test_a_server_leads_to_its_session(product: Product, anna: httpx.Client) -> None:
    anna.get(product.base)
    own = product.running(name="own-server")
    through_hub = started(product, anna)
    for address, session_id in (
        (f"anna/{own['server']}", own["id"]),
        ("anna", through_hub),
        ("anna/", through_hub),
    ):
        answer = anna.get(f"{product.base}server/{address}", follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (
            302,
            f"/services/sessions/s/{session_id}",
        )


def test_a_server_of_others_or_of_nobody_is_not_there(product: Product, anna: httpx.Client) -> None:
    own = product.running(name="not-bobs")
    sentence = "There is no such session, or it is not yours to see."
    with contextlib.closing(as_a_browser(product, "bob")) as bob:
        bob.get(product.base)
        for address in (f"anna/{own['server']}", "anna", "nobody", "anna/x%2F..%2Fy", "bob"):
            answer = bob.get(f"{product.base}server/{address}")
            assert (answer.status_code, sentence in answer.text) == (404, True), address
    with contextlib.closing(as_a_browser(product, "admin")) as admin:
        admin.get(product.base)
        answer = admin.get(f"{product.base}server/anna/{own['server']}", follow_redirects=False)
        assert answer.status_code == 302
    assert anna.get(f"{product.base}server/anna/nothing").status_code == 404
