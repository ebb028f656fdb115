"""The Logs tab of the details: lines as they come, found, kept, taken along; and whose they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product


def log_file(product: Product, session: dict[str, Any]) -> Path:
    return product.state / "processes" / f"{session['id']}.log"


def write(product: Product, session: dict[str, Any], text: str) -> None:
    """Have a session print something."""
    with log_file(product, session).open("a") as log:
        log.write(text)


def drawer_of(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=f"Details of {name}")


def test_a_log_is_followed_searched_and_taken_along(open_page: OpenPage, product: Product) -> None:
    session = product.running(name="prints")
    page = open_page(f"s/{session['id']}")
    drawer = drawer_of(page, "prints")
    drawer.get_by_role("button", name="Logs").click()
    expect(page).to_have_url(re.compile(r"/logs$"))
    log = drawer.get_by_role("log", name="Log of prints")
    expect(log).to_contain_text(re.compile("jupyter", re.IGNORECASE))
    write(product, session, "epoch 1: LOSS 0.5\nepoch 2: loss 0.4\n<b>bold</b> \u202e\n")
    expect(log).to_contain_text("epoch 2: loss 0.4")
    # What a program prints is text, and what is hidden in it is shown.
    expect(log).to_contain_text("<b>bold</b> \\u202e")

    find = drawer.get_by_role("searchbox", name="Find in the log")
    find.fill("loss")
    expect(drawer.get_by_text("1 of 2")).to_be_visible()
    find.press("Enter")
    expect(drawer.get_by_text("2 of 2")).to_be_visible()
    expect(log.locator("mark").last).to_have_text("loss")
    find.press("Escape")
    expect(find).to_have_value("")
    expect(drawer).to_be_visible()

    with page.expect_download() as download:
        drawer.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == f"prints-{session['id']}.log"
    assert "epoch 2: loss 0.4" in Path(download.value.path()).read_text()


def test_a_log_that_is_not_followed_stands_still(open_page: OpenPage, product: Product) -> None:
    session = product.running(name="stands")
    page = open_page(f"s/{session['id']}/logs")
    drawer = drawer_of(page, "stands")
    log = drawer.get_by_role("log", name="Log of stands")
    expect(log).to_be_visible()
    drawer.get_by_role("switch", name="Follow").uncheck()
    write(product, session, "later\n")
    drawer.get_by_role("switch", name="Wrap").uncheck()
    expect(log).not_to_contain_text("later")
    drawer.get_by_role("button", name="Read again").click()
    expect(log).to_contain_text("later")


def test_the_log_stays_when_the_session_ends(open_page: OpenPage, product: Product) -> None:
    session = product.running(name="ends-soon")
    write(product, session, "".join(f"line {number}\n" for number in range(300)))
    page = open_page(f"s/{session['id']}/logs")
    drawer = drawer_of(page, "ends-soon")
    log = drawer.get_by_role("log", name="Log of ends-soon")
    expect(log).to_contain_text("line 299")
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    expect(drawer.get_by_text("The session is over.")).to_be_visible()
    expect(log).to_contain_text("line 100")
    page.reload()
    expect(drawer.get_by_text("Only its last lines are kept.")).to_be_visible()
    expect(log).not_to_contain_text("line 100\n")


def test_last_lines_that_come_after_the_end_are_read_again(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="told-late", environment="ends")
    product.wait_state(session["id"], "failed")
    is_late = True

    def answer(route: Route) -> None:
        """Answer at first as while the report of the end is on its way."""
        if is_late:
            route.fulfill(json={"container": None, "containers": [], "lines": [], "is_kept": True})
        else:
            route.fallback()

    page = open_page()
    page.route("**/api/v1/sessions/*/logs?*", answer)
    page.goto(f"{product.base}s/{session['id']}/logs")
    drawer = drawer_of(page, "told-late")
    expect(drawer.get_by_text("no lines were kept")).to_be_visible()
    expect(page.get_by_text("Live")).to_be_visible()
    is_late = False
    # News of the session, as the report is: somebody's look is written into its story.
    product.api("GET", f"sessions/{session['id']}/logs", user="admin", expect=200)
    expect(drawer.get_by_role("log", name="Log of told-late")).to_have_text("boom")


def test_somebody_elses_log_says_that_its_owner_sees_the_look(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="looked-at", environment="ends")
    product.wait_state(session["id"], "failed")
    page = open_page(f"s/{session['id']}/logs", user="admin")
    drawer = drawer_of(page, "looked-at")
    expect(drawer.get_by_role("log", name="Log of looked-at")).to_have_text("boom")
    expect(drawer.get_by_text("Its owner sees in its story that you read this.")).to_be_visible()
    drawer.get_by_role("button", name="Story").click()
    expect(drawer.get_by_role("list", name="Story")).to_contain_text("You read its logs.")
