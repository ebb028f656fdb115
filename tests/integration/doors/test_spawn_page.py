"""The hub's spawn page: our form, without JavaScript."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


def signed_in(product: Product, name: str) -> httpx.Client:
    """Return a client that has signed in at the hub as a browser would."""
    client = httpx.Client(base_url=product.url, follow_redirects=True, timeout=30)
    page = client.get("/hub/login?next=/hub/home").text
    token = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert token is not None
    client.post(
        "/hub/login?next=/hub/home",
        data={"username": name, "password": product.password, "_xsrf": token[1]},
    )
    return client


@pytest.fixture
def anna(product: Product) -> Iterator[httpx.Client]:
    with contextlib.closing(signed_in(product, "anna")) as client:
        yield client


def send(client: httpx.Client, **fields: str) -> httpx.Response:
    """Send the form of the spawn page."""
    page = client.get("/hub/spawn").text
    action = re.search(r'<form[^>]*action="([^"]+)"', page, re.DOTALL)
    assert action is not None
    body = {"environment": "python", "idle_timeout": "900", "drive": "default", **fields}
    return client.post(html.unescape(action[1]), data=body)


def test_sign_in_leads_to_the_sessions_page_and_the_hub_links_to_it(
    product: Product, anna: httpx.Client
) -> None:
    assert str(anna.get("/hub/").url) == product.base
    home = anna.get("/hub/home").text
    assert 'href="/services/sessions/">Sessions</a>' in home


def test_the_form_has_the_fields_and_defaults_of_a_launch_request(anna: httpx.Client) -> None:
    page = anna.get("/hub/spawn").text
    for name in ("name", "environment", "idle_timeout", "drive", "cpu", "memory", "variables"):
        assert f'name="{name}"' in page
    assert re.search(r'value="python" required checked', page)
    assert '<option value="900" selected>15 min</option>' in page
    assert "This would be session 1 of 4." in page
    assert "<script" not in page.partition("spawn_form")[2].partition("</form>")[0]


def test_a_good_form_starts_a_session(product: Product, anna: httpx.Client) -> None:
    send(anna, name="from the form", idle_timeout="1800")
    found = wait_for(lambda: product.api("GET", "sessions", expect=200).json()["items"], seconds=4)
    session = product.wait_state(found[0]["id"], "running")
    assert (session["name"], session["idle_timeout"]) == ("from the form", 1800)


def test_a_wrong_form_shows_the_sentence_and_keeps_what_was_typed(anna: httpx.Client) -> None:
    answer = send(
        anna, name="<b>kept</b>", idle_minutes="soon", variables="TOKEN=canary-of-the-form"
    )
    assert answer.status_code == 400
    assert "Idle timeout, in minutes: use a whole number." in answer.text
    assert 'value="&lt;b&gt;kept&lt;/b&gt;"' in answer.text
    assert "<b>kept</b>" not in answer.text
    assert "canary-of-the-form" not in answer.text


def test_a_refusal_by_policy_is_shown_on_the_form_too(anna: httpx.Client) -> None:
    answer = send(anna, name="kept", variables="LD_PRELOAD=x")
    assert answer.status_code == 400
    assert "This variable belongs to the session" in answer.text
    assert 'value="kept"' in answer.text


def test_what_one_person_typed_is_not_shown_to_another(
    product: Product, anna: httpx.Client
) -> None:
    send(anna, name="annas-own-words", idle_minutes="soon")
    with contextlib.closing(signed_in(product, "bob")) as bob:
        assert "annas-own-words" not in bob.get("/hub/spawn").text
    assert "annas-own-words" not in anna.get("/hub/spawn").text


def test_a_link_fills_the_form_and_starts_nothing(product: Product, anna: httpx.Client) -> None:
    answer = anna.get("/hub/spawn?opt-environment=python&opt-name=linked")
    assert "Check the choices, then press Start." in answer.text
    assert 'value="linked"' in answer.text
    assert product.api("GET", "sessions", expect=200).json()["items"] == []
