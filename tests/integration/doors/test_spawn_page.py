"""The hub's spawn page: our form, without JavaScript."""

from __future__ import annotations

import contextlib
import re
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


def test_sign_in_leads_to_the_sessions_page_and_the_hub_links_to_it(
    product: Product, anna: httpx.Client
) -> None:
    assert str(anna.get("/hub/").url) == product.base
    home = anna.get("/hub/home").text
    assert 'href="/services/sessions/">Sessions</a>' in home


def test_the_form_has_the_fields_and_defaults_of_a_launch_request(anna: httpx.Client) -> None:
    page = anna.get("/hub/spawn").text
    for name in (
        *("name", "environment", "cpu", "memory", "gpu", "image", "idle_timeout", "idle_minutes"),
        *("drive", "new_drive", "extra_drive_1", "service_account", "billing_project"),
        *("port_1", "port_4", "lifetime", "lifetime_unit", "variables"),
    ):
        assert f'name="{name}"' in page
    assert re.search(r'value="python" required checked', page)
    assert '<option value="900" selected>15 min</option>' in page
    assert "This would be session 1 of 4." in page
    assert "<script" not in page.partition("spawn_form")[2].partition("</form>")[0]


def test_a_good_form_starts_a_session(product: Product, anna: httpx.Client) -> None:
    send_spawn_form(anna, name="from the form", idle_timeout="1800")
    found = wait_for(lambda: product.api("GET", "sessions", expect=200).json()["items"], seconds=4)
    session = product.wait_state(found[0]["id"], "running")
    assert (session["name"], session["idle_timeout"]) == ("from the form", 1800)


def test_a_wrong_form_shows_the_sentence_and_keeps_what_was_typed(anna: httpx.Client) -> None:
    answer = send_spawn_form(
        anna, name="<b>kept</b>", idle_minutes="soon", variables="TOKEN=canary-of-the-form"
    )
    assert answer.status_code == 400
    assert "Idle timeout, in minutes: use a whole number." in answer.text
    assert 'value="&lt;b&gt;kept&lt;/b&gt;"' in answer.text
    assert "<b>kept</b>" not in answer.text
    assert "canary-of-the-form" not in answer.text


def test_a_refusal_by_policy_is_shown_on_the_form_too(anna: httpx.Client) -> None:
    answer = send_spawn_form(anna, name="kept", variables="LD_PRELOAD=x")
    assert answer.status_code == 400
    assert "This variable belongs to the session" in answer.text
    assert 'value="kept"' in answer.text
    assert 'value="kept"' not in anna.get("/hub/spawn").text


def test_what_one_person_typed_is_not_shown_to_another(
    product: Product, anna: httpx.Client
) -> None:
    send_spawn_form(anna, name="annas-own-words", idle_minutes="soon")
    with contextlib.closing(as_a_browser(product, "bob")) as bob:
        assert "annas-own-words" not in bob.get("/hub/spawn").text
    assert "annas-own-words" not in anna.get("/hub/spawn").text


def test_a_link_fills_the_form_and_starts_nothing(product: Product, anna: httpx.Client) -> None:
    answer = anna.get("/hub/spawn?opt-environment=python&opt-name=linked")
    assert "Check the choices, then press Start." in answer.text
    assert 'value="linked"' in answer.text
    assert product.api("GET", "sessions", expect=200).json()["items"] == []


def test_a_link_says_what_it_could_not_fill_in(anna: httpx.Client) -> None:
    page = anna.get("/hub/spawn?opt-environment=gone&opt-drive=new-one&opt-idle_timeout=5400").text
    assert "There is no environment ‘gone’ here: Python is chosen." in page
    assert 'name="new_drive" value="new-one"' in page
    assert 'name="idle_minutes" value="90"' in page


def test_a_new_drive_is_made_on_the_way(product: Product, anna: httpx.Client) -> None:
    send_spawn_form(anna, name="with a drive", new_drive="from-the-form", memory="1")
    found = wait_for(lambda: product.api("GET", "sessions", expect=200).json()["items"], seconds=4)
    session = product.wait_state(found[0]["id"], "running")
    assert session["drive"] == "from-the-form"
    assert session["resources"]["memory"] == "1Gi"
    assert '<option value="from-the-form"' in anna.get("/hub/spawn/anna/another").text
    assert "in use by with a drive" in anna.get("/hub/spawn/anna/another").text


def test_a_drive_that_cannot_be_called_so_is_refused(anna: httpx.Client) -> None:
    answer = send_spawn_form(anna, name="kept", new_drive="My Drive")
    assert answer.status_code == 400
    assert "Drive: Use lower case letters, digits and hyphens" in answer.text
    assert 'name="new_drive" value="My Drive"' in answer.text


def test_what_this_hub_cannot_give_is_closed_with_the_reason(anna: httpx.Client) -> None:
    page = anna.get("/hub/spawn").text
    closed = re.search(r'name="image" value="" disabled.*?</div>', page, re.DOTALL)
    assert closed is not None
    assert "Sessions on this hub are processes of one machine and cannot give this." in closed[0]
