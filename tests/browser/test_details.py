"""The drawer beside the list, and what is told while a dialog is open."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.inside import env_of_kernel, put_activity
from tests.support.product import Product
from tests.support.waiting import wait_for

LIST = re.compile(r"/services/sessions/$")


def failed(product: Product, name: str) -> str:
    """Return the id of a session that crashed at its start."""
    session = product.create(name=name, environment="ends")
    product.wait_state(session["id"], "failed")
    return str(session["id"])


def test_the_details_of_a_failure_show_its_last_lines_and_one_way_on(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page(f"s/{failed(product, 'broke')}")
    drawer = page.get_by_role("complementary", name="Details of broke")
    expect(drawer.get_by_role("region", name="Evidence")).to_contain_text("boom")
    expect(drawer.get_by_role("button", name="Start again")).to_have_count(1)
    expect(drawer.get_by_role("button", name="See the last lines")).to_have_count(0)
    drawer.get_by_role("link", name="See its start").click()
    expect(page.get_by_role("dialog", name="Start of broke")).to_contain_text("boom")
    page.keyboard.press("Escape")
    expect(drawer).to_be_visible()


def test_the_newest_of_many_last_lines_is_in_sight(open_page: OpenPage, product: Product) -> None:
    session = product.create(name="wordy", environment="wordy")
    product.wait_state(session["id"], "failed")
    page = open_page(f"s/{session['id']}")
    lines = page.get_by_role("region", name="Evidence").locator("pre")
    expect(lines).to_contain_text("the very last line")
    left = "e => e.scrollHeight - e.clientHeight - e.scrollTop"
    wait_for(lambda: lines.evaluate(left) <= 2, what="the lines to be at their end")
    assert lines.evaluate("e => e.scrollTop") > 20, "there are not enough lines to scroll"


def test_closing_the_details_leads_to_the_list_however_many_were_looked_at(
    page: Page, product: Product
) -> None:
    product.create(name="first-one")
    product.create(name="second-one")
    # A row that comes later would wait while somebody is at the list.
    expect(page.get_by_role("link", name="second-one", exact=True)).to_be_visible()
    page.get_by_role("link", name="first-one", exact=True).dblclick()
    heading = page.get_by_role("complementary").get_by_role("heading", level=2)
    expect(heading).to_contain_text("first-one")
    page.get_by_role("link", name="second-one", exact=True).click()
    expect(heading).to_contain_text("second-one")
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(page).to_have_url(LIST)


def test_a_session_is_renamed_from_the_menu_of_its_details(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="before")
    page = open_page(f"s/{session['id']}")
    for name in ("between", "after"):
        page.get_by_role("complementary").get_by_role("button", name="Actions for").click()
        page.get_by_role("menuitem", name="Rename").click()
        page.get_by_label("New name").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("complementary", name=f"Details of {name}")).to_be_visible()
    expect(page.get_by_role("row", name="after")).to_be_visible()
    page.reload()
    expect(page.get_by_role("complementary", name="Details of after")).to_be_visible()
    expect(page.get_by_label("New name")).to_have_count(0)


def test_what_is_told_while_a_dialog_is_open_is_told_inside_of_it(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page(f"s/{failed(product, 'told')}/status")
    dialog = page.get_by_role("dialog", name="Start of told")
    dialog.get_by_role("button", name="Copy all").click()
    notices = dialog.get_by_role("region", name="Notices")
    notices.hover()  # so that it stays
    expect(notices).to_contain_text("Copied")
    expect(dialog.get_by_role("status", name="Messages")).to_contain_text("Copied")
    notices.get_by_role("button", name="Close").click()
    expect(notices).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status", name="Messages")).to_have_count(1)


def test_what_can_be_done_to_the_chosen_rows_stays_in_sight(
    open_page: OpenPage, product: Product
) -> None:
    for number in range(4):
        product.create(name=f"row-{number}")
    page = open_page(size=(360, 640))
    page.get_by_role("checkbox", name="Select row-3").check()
    bar = page.get_by_role("region", name="Bulk actions")
    expect(bar.get_by_role("button", name="Stop 1 session")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    expect(bar.get_by_role("button", name="Stop 1 session")).to_be_in_viewport()


def test_what_happens_inside_a_session_is_told_and_leads_to_its_story(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="greedy")
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    page = open_page("")
    expect(page.get_by_text("Live")).to_be_visible()
    put_activity(product, session["id"], token, memory={"kills": 1, "kernels": ["<b>.ipynb"]})
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text("greedy: The kernel of <b>.ipynb was ended because")
    notices.get_by_role("button", name="Show its story").click()
    story = page.get_by_role("list", name="Story")
    expect(story).to_contain_text("The kernel of <b>.ipynb was ended because")


def kept_until(product: Product, session_id: str) -> object:
    return product.get(session_id)["idle"]["extended_until"]


def test_the_idle_timeout_is_chosen_by_keys_that_keep_their_place_and_taken_back(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="by-keys", idle_timeout=900)
    page = open_page(f"s/{session['id']}")
    choice = page.get_by_label("Idle timeout")
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Idle timeout is 1 h now.").last).to_be_visible()
    expect(choice).to_be_focused()
    expect(choice).to_have_value("3600")
    assert product.get(session["id"])["idle_timeout"] == 3600
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Idle timeout is 15 min now.").last).to_be_visible()
    expect(choice).to_have_value("900")
    choice.select_option(label="Other…")
    page.get_by_label("Minutes without use").fill("45")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Idle timeout is 45 min now.").last).to_be_visible()


def test_the_clock_says_what_counts_and_undo_takes_more_time_back(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="clockwork", idle_timeout=900)
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    put_activity(product, session["id"], token, usage={"cpu": 0.42, "memory": 300 * 2**20})
    page = open_page(f"s/{session['id']}")
    clock = page.get_by_test_id("clock")
    counted = clock.get_by_role("table", name="What counts as use")
    expect(counted.get_by_role("row", name="Shell")).to_contain_text("not opened")
    expect(page.get_by_role("region", name="Used now")).to_contain_text(re.compile(r"memory \d"))
    clock.get_by_role("button", name="Keep running until…").click()
    page.get_by_role("menuitem", name="4 h").click()
    expect(clock).to_contain_text("Kept running until")
    assert kept_until(product, session["id"]) is not None
    page.get_by_role("button", name="Undo").click()
    expect(clock).not_to_contain_text("Kept running until")
    assert kept_until(product, session["id"]) is None


def test_a_name_that_was_changed_meanwhile_is_asked_about(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="as-it-was")
    page = open_page(f"s/{session['id']}")
    expect(page.get_by_test_id("clock")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("Paused at")).to_be_visible()
    change = {"version": product.get(session["id"])["version"], "name": "theirs"}
    product.api("PATCH", f"sessions/{session['id']}", change, expect=200)
    page.get_by_role("button", name="Rename as-it-was").click()
    page.get_by_label("New name").fill("mine")
    page.keyboard.press("Enter")
    question = page.get_by_role("region", name="Changed meanwhile")
    expect(question).to_contain_text(re.compile(r"You changed this at \d\d:\d\d\."))
    expect(question).to_contain_text("mine")
    expect(question).to_contain_text("theirs")
    question.get_by_role("button", name="Use mine").click()
    expect(page.get_by_role("complementary", name="Details of mine")).to_be_visible()
    expect(question).to_have_count(0)
    assert product.get(session["id"])["name"] == "mine"


def test_the_story_says_where_a_session_comes_from(open_page: OpenPage, product: Product) -> None:
    first = product.create(name="ancestor", environment="missing")
    product.wait_state(first["id"], "failed")
    again = {"environment": "missing", "drive": "default", "idle_timeout": 900}
    clone = product.api("POST", "sessions", {**again, "cloned_from": first["id"]}).json()
    page = open_page(f"s/{clone['id']}/story")
    drawer = page.get_by_role("complementary")
    expect(drawer).to_contain_text("cloned from ancestor")
    drawer.get_by_role("link", name="ancestor").click()
    expect(page.get_by_role("complementary", name="Details of ancestor")).to_be_visible()
    expect(page.get_by_role("list", name="Story")).to_contain_text("You asked for this session.")
