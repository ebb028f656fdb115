"""The list: rows that stay, filters in the address, words for what is missing."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product


def active(page: Page, name: str) -> Locator:
    """Return the row of an active session."""
    return page.get_by_role("table", name="Active sessions").get_by_role("row", name=name)


def test_a_session_started_elsewhere_appears_and_lights_up_by_itself(
    page: Page, product: Product
) -> None:
    expect(page.get_by_text("Live")).to_be_visible()
    product.create(name="from-elsewhere")
    row = active(page, "from-elsewhere")
    expect(row.get_by_role("link", name="Open JupyterLab of from-elsewhere")).to_have_attribute(
        "href", re.compile(r"/user/anna/s[a-z2-7]{11}/lab$")
    )
    expect(page.get_by_text("1 of 4 running")).to_be_visible()


def test_no_row_comes_under_the_pointer_until_it_is_asked_for(page: Page, product: Product) -> None:
    product.running(name="first")
    row = active(page, "first")
    row.hover()
    product.create(name="second")
    expect(page.get_by_text("1 new session", exact=False)).to_be_visible()
    expect(active(page, "second")).to_have_count(0)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(active(page, "second")).to_be_visible()


def test_an_ended_row_stays_until_the_list_is_loaded_anew(page: Page, product: Product) -> None:
    session = product.running(name="short-life")
    expect(active(page, "short-life")).to_contain_text("in progress")
    product.api("POST", f"sessions/{session['id']}/stop")
    row = active(page, "short-life")
    expect(row).to_contain_text("Moved to History")
    expect(row.get_by_role("button", name="Start again")).to_be_enabled()
    page.keyboard.press("r")
    expect(row).to_have_count(0)


def test_filters_live_in_the_address_and_each_tab_has_its_own(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="to-be-found")
    product.api("POST", f"sessions/{session['id']}/stop")
    product.wait_state(session["id"], "stopped")
    page = open_page("history")
    past = page.get_by_role("table", name="Session history")
    page.get_by_role("searchbox", name="Search drive, owner, name").fill("TO-BE")
    expect(page).to_have_url(re.compile(r"history\?q=TO-BE$"))
    expect(past.get_by_role("row", name="to-be-found")).to_be_visible()

    page.get_by_role("button", name="Status filter").click()
    page.get_by_role("checkbox", name="failed").check()
    expect(page).to_have_url(re.compile("state=failed"))
    expect(page.get_by_text("No past session matches these 2 filters.")).to_be_visible()
    page.keyboard.press("Escape")

    # The other tab knows nothing of it, and coming back restores it.
    page.get_by_role("tab", name="Active").click()
    expect(page).to_have_url(product.base)
    page.get_by_role("tab", name="History").click()
    expect(page).to_have_url(re.compile(r"q=TO-BE&state=failed"))

    # Back is one step, a chip's × takes one filter away, the address works for itself.
    page.go_back()
    expect(page).to_have_url(product.base)
    page.go_forward()
    page.get_by_role("button", name="Remove Status: failed").click()
    expect(past.get_by_role("row", name="to-be-found")).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("TO-BE")
    expect(past.get_by_role("row", name="to-be-found")).to_be_visible()


def test_the_first_rows_come_with_the_page_and_are_not_asked_for_again(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="came-along", environment="missing")
    product.wait_state(session["id"], "failed")
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{product.base}history?q=came-along&state=failed")
    expect(page.get_by_role("row", name="came-along")).to_be_visible()
    expect(page.get_by_text("Live")).to_be_visible()
    lists = [url for url in asked if "/api/v1/sessions?" in url and "limit=0" not in url]
    assert lists == []
    assert [url for url in asked if "/environments" in url] == []


def test_a_sort_is_a_click_on_the_header(open_page: OpenPage, product: Product) -> None:
    for name in ("b-sorted", "a-sorted"):
        session = product.running(name=name)
        product.api("POST", f"sessions/{session['id']}/stop")
        product.wait_state(session["id"], "stopped")
    page = open_page("history?q=-sorted")
    header = page.get_by_role("columnheader", name="Session ID")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    names = page.get_by_role("table").get_by_role("rowheader")
    expect(names).to_contain_text(["a-sorted", "b-sorted"])
    header.get_by_role("button").click()
    expect(names).to_contain_text(["b-sorted", "a-sorted"])


def test_a_value_that_does_not_exist_is_said(open_page: OpenPage) -> None:
    page = open_page("?environment=gone")
    expect(page.get_by_text("No environment called ‘gone’")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page).to_have_url(re.compile(r"/services/sessions/$"))


def test_a_foreign_session_is_as_missing_as_one_that_never_was(
    open_page: OpenPage, product: Product
) -> None:
    foreign = product.create(user="ben", name="private-thing")["id"]
    for session_id in (foreign, "saaaaaaaaaaa"):
        page = open_page(f"s/{session_id}")
        expect(
            page.get_by_text("There is no such session, or it is not yours to see.")
        ).to_be_visible()
        expect(page.get_by_text("private-thing")).to_have_count(0)


def test_an_id_can_be_copied(open_page: OpenPage, product: Product) -> None:
    session = product.create(name="to-copy")
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy ID of to-copy").click()
    expect(page.get_by_text(f"Copied: {session['id']}").last).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == session["id"]


def test_chosen_columns_are_remembered(page: Page, product: Product) -> None:
    product.create(name="with-columns")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Duration").check()
    page.keyboard.press("Escape")
    duration = page.get_by_role("columnheader", name="Duration")
    expect(duration).to_be_visible()
    page.reload()
    expect(duration).to_be_visible()


def test_a_rename_shows_at_once_and_can_be_undone(page: Page, product: Product) -> None:
    session = product.running(name="old-name")
    active(page, "old-name").get_by_role("button", name="Actions for old-name").click()
    page.get_by_role("menuitem", name="Rename").click()
    field = page.get_by_role("textbox", name="New name")
    field.fill("new-name")
    field.press("Enter")
    expect(page.get_by_role("complementary", name="Details of new-name")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("complementary", name="Details of old-name")).to_be_visible()
    assert product.get(session["id"])["name"] == "old-name"


def test_several_sessions_are_stopped_with_one_question(page: Page, product: Product) -> None:
    ids = [product.running(name=f"many-{number}")["id"] for number in range(2)]
    for number in range(2):
        page.get_by_role("checkbox", name=f"Select many-{number}").check()
    bulk = page.get_by_role("region", name="Bulk actions")
    bulk.get_by_role("button", name="Stop 2 sessions").click()
    question = page.get_by_role("dialog", name="Stop 2 sessions?")
    expect(question).to_contain_text("many-1")
    question.get_by_role("button", name="Stop 2 sessions").click()
    # Nothing is left to be done to them.
    expect(bulk).to_have_count(0)
    for session_id in ids:
        assert product.wait_state(session_id, "stopped")["cause"] == "user"


def test_an_address_that_there_is_not_leads_back(open_page: OpenPage, product: Product) -> None:
    page = open_page("nowhere")
    expect(page.get_by_text("There is no such page.")).to_be_visible()
    page.get_by_role("link", name="All sessions").click()
    expect(page.get_by_role("tab", name="Active")).to_be_visible()
    answer = product.client.get("/services/sessions/nowhere")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


def test_an_administrator_looks_at_everybody_and_keeps_their_sessions_running(
    open_page: OpenPage, product: Product
) -> None:
    product.running(user="ben", name="of-ben")
    page = open_page(user="admin")
    expect(active(page, "of-ben")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Email")).to_have_count(0)
    page.get_by_role("button", name="Remove Owner: you").click()
    expect(page).to_have_url(re.compile(r"\?owner=\*$"))
    expect(page.get_by_role("columnheader", name="Email")).to_be_visible()
    active(page, "of-ben").get_by_role("button", name="Actions for of-ben").click()
    offered = page.get_by_role("menu", name="Actions for of-ben").get_by_role("menuitem")
    all_of_it = ["Open", "Clone…", "Keep running longer…", "Rename", "Copy link", "Stop session…"]
    expect(offered).to_have_text(all_of_it)
    page.keyboard.press("Escape")

    # A name or a part of an e-mail address narrows it.
    page.get_by_role("button", name="Owner filter").click()
    page.get_by_role("textbox", name="Owner or e-mail").fill("ben")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?owner=ben$"))
    expect(page.get_by_role("button", name="Remove Owner: ben")).to_be_visible()
    expect(active(page, "of-ben")).to_be_visible()


def test_two_values_of_a_filter_mean_either_for_whoever_opens_the_address(
    open_page: OpenPage, product: Product
) -> None:
    for name, environment in (("either-ran", "python"), ("either-fell", "missing")):
        session = product.create(name=name, environment=environment)
        product.wait_state(session["id"], "running", "failed")
        product.api("POST", f"sessions/{session['id']}/stop")
        product.wait_state(session["id"], "stopped", "failed")
    page = open_page("history?q=either-")
    rows = page.get_by_role("table", name="Session history").get_by_role("rowheader")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Status filter").click()
    page.get_by_role("checkbox", name="failed").check()
    expect(rows).to_have_count(1)
    page.get_by_role("checkbox", name="cancelled").check()
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile("state=failed&state=cancelled"))

    again = open_page(page.url.partition(product.base)[2])
    past = again.get_by_role("table", name="Session history")
    expect(past.get_by_role("rowheader")).to_have_count(2)
    expect(again.get_by_role("button", name="Remove Status: cancelled")).to_be_visible()


def test_a_billing_project_that_there_is_not_is_said_too(open_page: OpenPage) -> None:
    page = open_page("?billing_project=gone")
    expect(page.get_by_text("No billing project called ‘gone’")).to_be_visible()
    page.get_by_role("button", name="Billing project filter").click()
    expect(page.get_by_role("checkbox", name="Machine learning")).to_be_visible()


def test_the_order_of_a_tab_is_remembered_until_it_is_reset(
    open_page: OpenPage, product: Product
) -> None:
    product.create(name="in-order")
    page = open_page()
    header = page.get_by_role("columnheader", name="Environment")
    header.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"\?sort=environment$"))
    page.goto(product.base)
    expect(page).to_have_url(re.compile(r"\?sort=environment$"))
    expect(header).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Reset order").click()
    expect(page).to_have_url(product.base)
    page.reload()
    start = page.get_by_role("columnheader", name="Start", exact=True)
    expect(start).to_have_attribute("aria-sort", "descending")


def test_a_bulk_stop_says_whom_it_leaves_out(page: Page, product: Product) -> None:
    product.running(name="still-runs")
    ended = product.running(name="ended-before")
    expect(active(page, "ended-before")).to_be_visible()
    product.api("POST", f"sessions/{ended['id']}/stop")
    expect(active(page, "ended-before")).to_contain_text("Moved to History")
    for name in ("still-runs", "ended-before"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("button", name="Stop 1 session").click()
    question = page.get_by_role("dialog", name="Stop 1 session?")
    expect(question).to_contain_text("1 of the 2 chosen has ended or is stopping already.")
    question.get_by_role("button", name="Keep running").click()
    expect(active(page, "still-runs")).to_contain_text("in progress")


def test_the_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard").get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.get_by_role("tab", name="Active")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Help").click()
    page.get_by_role("dialog", name="Keyboard").get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")


def test_on_a_narrow_window_filters_and_cards_fit(open_page: OpenPage, product: Product) -> None:
    product.create(name="as-a-card")
    page = open_page("?q=as-a", size=(320, 640))
    page.get_by_role("button", name="Filters 1").click()
    page.get_by_role("button", name="Status filter").click()
    page.get_by_role("checkbox", name="failing").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Filters 2")).to_be_visible()
    expect(page.get_by_text("No active session matches these 2 filters.")).to_be_visible()
    page.get_by_role("button", name="Remove Status: failing").click()
    card = page.get_by_role("list", name="Active sessions").get_by_role("listitem")
    expect(card).to_contain_text("as-a-card")
    expect(card.get_by_role("link", name="Open JupyterLab of as-a-card")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
