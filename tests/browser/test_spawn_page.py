"""The hub's spawn page in a browser: filled in, refused, corrected, started; without scripts."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product
from tests.support.waiting import wait_for


def wrong_in_form(page: Page) -> list[str]:
    """Return what axe finds wrong in our part of the form; the button is the hub's own."""
    found = Axe().run(page, context="#spawn_form").response["violations"]
    places = [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]
    return [place for place in places if "btn-jupyter" not in place]


def test_a_session_is_started_by_the_form_after_a_refusal(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page()
    page.goto(f"{product.url}/hub/spawn")
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_label("Name (optional)").fill("by-the-form")
    expect(page.get_by_label("Custom image URL")).to_be_disabled()
    page.get_by_label("Idle timeout").select_option("1 h")
    page.get_by_label("Or make a new one").fill("form-drive")
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Variables").fill("LD_PRELOAD=x")
    assert wrong_in_form(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Start").click()

    # The refusal says why; what was typed is still there.
    expect(page.get_by_text("This variable belongs to the session")).to_be_visible()
    expect(page.get_by_label("Name (optional)")).to_have_value("by-the-form")
    expect(page.get_by_label("Idle timeout")).to_have_value("3600")
    page.get_by_role("button", name="Start").click()

    page.wait_for_url("**/lab**", timeout=40_000)
    (session,) = wait_for(lambda: product.api("GET", "sessions").json()["items"], seconds=10)
    asked = (session["name"], session["idle_timeout"], session["drive"])
    assert asked == ("by-the-form", 3600, "form-drive")


def test_a_link_fills_the_form_in_the_dark_and_starts_nothing(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page(theme="dark")
    page.goto(f"{product.url}/hub/spawn?opt-name=linked&opt-environment=waits&opt-port=8080")
    expect(page.get_by_text("Check the choices, then press Start.")).to_be_visible()
    expect(page.get_by_label("Name (optional)")).to_have_value("linked")
    expect(page.get_by_role("radio", name="Waits for room")).to_be_checked()
    assert wrong_in_form(page) == []
    assert product.api("GET", "sessions").json()["items"] == []
