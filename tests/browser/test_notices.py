"""What is told without being asked for: stops that are near, and ends that nobody wanted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations
from tests.support.product import Product
from tests.support.waiting import wait_for


def later(open_page: OpenPage, minutes: float) -> Page:
    """Open the page, and let so much time pass on its clock."""
    page = open_page(wait=False)
    page.clock.install(time=datetime.now(UTC))
    # On a slow machine this is asked for before the clock is moved at all.
    with page.expect_response(lambda answer: "sort=ends_at" in answer.url):
        page.reload()
        expect(page.get_by_text("Live")).to_be_visible()
        page.clock.fast_forward(3000)
        page.clock.run_for(100)
    page.clock.fast_forward(int(timedelta(minutes=minutes).total_seconds() * 1000))
    return page


def test_a_session_that_stops_soon_is_told_of_and_kept_with_one_click(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="nearly-over", idle_timeout=900)
    page = later(open_page, 10.2)
    bar = page.get_by_role("region", name="Stops soon")
    expect(bar.get_by_role("alert")).to_contain_text(
        re.compile("nearly-over stops in [45] min because nobody uses it.")
    )
    assert violations(page) == []
    foot = page.get_by_label("Rows a page")
    foot.focus()
    assert foot.bounding_box()["y"] < bar.bounding_box()["y"]  # type: ignore[index]
    bar.get_by_role("button", name="Keep it 1 h").click()
    expect(bar).to_have_count(0)
    assert product.get(session["id"])["idle"]["extended_until"] is not None
    expect(page.get_by_role("region", name="Notices")).to_contain_text("nearly-over keeps running")


def test_one_bar_tells_of_all_that_stop_soon_and_lets_them(
    open_page: OpenPage, product: Product
) -> None:
    for name in ("one-of-two", "two-of-two"):
        product.running(name=name, idle_timeout=900)
    page = later(open_page, 10.5)
    bar = page.get_by_role("region", name="Stops soon")
    expect(bar.get_by_role("alert")).to_contain_text(re.compile("2 sessions stop within [45] min"))
    bar.get_by_role("button", name="Let them stop").click()
    expect(bar).to_have_count(0)


def test_an_end_that_nobody_here_asked_for_is_in_the_bell(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="taken-away")
    page = later(open_page, 0)
    path = f"sessions/{session['id']}/stop"
    product.api("POST", path, {"reason": "maintenance"}, user="admin", expect=202)
    bell = page.get_by_role("button", name="Notices, 1 new")
    expect(bell).to_be_visible()
    bell.click()
    notices = page.get_by_role("list", name="Notices")
    expect(notices).to_contain_text("taken-away:")
    expect(notices).to_contain_text("maintenance")
    assert violations(page) == []
    page.get_by_label("Tell me before a session stops").select_option("10")
    notices.get_by_role("button", name="Show its story").click()
    expect(page.get_by_role("complementary", name="Details of taken-away")).to_be_visible()
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_visible()


# What the browser was asked to show, and a tab behind another one.
_RECORDED = """
() => {
  window.shown = [];
  window.Notification = class extends Notification {
    constructor(title, options) { super(title, options); shown.push(options.body); }
  };
}
"""
_HIDDEN = """
hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


def test_who_asks_for_it_is_told_outside_the_page_while_it_is_hidden(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="watched-from-afar", idle_timeout=900)
    page = later(open_page, 10.2)
    bar = page.get_by_role("region", name="Stops soon")
    expect(bar).to_be_visible()
    page.evaluate(_RECORDED)
    page.get_by_role("button", name=re.compile("^Notices")).click()
    page.context.grant_permissions(["notifications"])
    page.get_by_role("button", name="Tell me outside this page").click()
    expect(page.get_by_text("It is told outside this page")).to_be_visible()
    assert page.evaluate("shown") == []

    page.evaluate(_HIDDEN, True)
    expect(page).to_have_title("(!) Sessions")
    path = f"sessions/{session['id']}/stop"
    product.api("POST", path, {"reason": "maintenance"}, user="admin", expect=202)
    shown = wait_for(lambda: page.evaluate("shown"), what="the browser to be asked")
    assert "watched-from-afar: " in shown[0]
    assert "maintenance" in shown[0]
    page.evaluate(_HIDDEN, False)
    expect(page).to_have_title("Sessions")
