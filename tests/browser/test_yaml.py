"""YAML of one's own on a hub whose sessions are processes: not there, and not without a word."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product

NO_POD = "Sessions of this hub are processes of its machine: there is no pod."


def test_where_there_are_no_pods_the_button_is_disabled_with_the_reason(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page("new")
    form = page.get_by_role("dialog", name="New session")
    button = form.get_by_role("button", name="Customise YAML…")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(NO_POD)
    button.focus()
    expect(form.get_by_role("tooltip", name=NO_POD)).to_be_visible()
    page.goto(f"{product.base}new?spec=1")
    expect(page.get_by_role("dialog").get_by_text(NO_POD)).to_be_visible()
    create = page.get_by_role("button", name="Create session")
    expect(create).to_be_disabled()
    expect(create).to_have_accessible_description(NO_POD)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_text(NO_POD)).to_be_focused()
    assert product.api("GET", "sessions").json()["items"] == []
    schema = product.api("GET", "pod-schema", expect=200).json()
    assert schema["description"] == NO_POD
    assert schema["properties"] == {}


def test_a_session_that_is_a_process_has_no_tab_for_its_pod(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="no-pod")
    page = open_page(f"s/{session['id']}/yaml")
    details = page.get_by_role("complementary", name="Details of no-pod")
    expect(details.get_by_role("button", name="Story")).to_be_visible()
    expect(details.get_by_role("button", name="YAML")).to_have_count(0)
