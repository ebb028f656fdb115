"""The form of a new session: checks, drives on the spot, drafts, clones, refusals."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product
from tests.support.waiting import wait_for


def form_of(page: Page, title: str = "New session") -> Locator:
    """Return the dialog of the form, ready, without the tab that would open JupyterLab."""
    form = page.get_by_role("dialog", name=title)
    form.get_by_label("Name (optional)").wait_for()
    form.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
    return form


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_sent(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page("new")
    form = form_of(page)
    name = form.get_by_label("Name (optional)")
    name.fill("x" * 41)
    form.get_by_role("radio", name="Other…").check()
    form.get_by_label("Minutes without use").fill("soon")
    form.get_by_role("button", name="Create session").click()
    expect(name).to_be_focused()
    expect(form.get_by_text("Use at most 40 characters.")).to_be_visible()
    expect(form.get_by_text("Type whole minutes, at least 1.")).to_be_visible()
    assert product.api("GET", "sessions").json()["total"] == 0
    name.fill("right-now")
    expect(form.get_by_text("Use at most 40 characters.")).to_have_count(0)
    form.get_by_label("Minutes without use").fill("45")
    expect(form.get_by_role("region", name="Summary")).to_contain_text("Stops after 45 min")
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="right-now")).to_be_visible()
    assert product.api("GET", "sessions").json()["items"][0]["idle_timeout"] == 2700


def test_a_drive_is_made_on_the_spot(open_page: OpenPage, product: Product) -> None:
    page = open_page("new")
    form = form_of(page)
    drive = form.get_by_role("combobox", name="Drive")
    drive.click()
    drive.fill("experiments")
    form.get_by_role("option", name="Create drive ‘experiments’").click()
    expect(drive).to_have_value("experiments")
    expect(form.get_by_role("region", name="Summary")).to_contain_text("Drive: experiments")
    form.get_by_label("Name (optional)").fill("on-a-new-drive")
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="on-a-new-drive")).to_contain_text("experiments")
    names = [one["name"] for one in product.api("GET", "drives").json()["items"]]
    assert "experiments" in names


def test_a_drive_that_was_only_typed_is_neither_lost_nor_replaced(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page("new")
    form = form_of(page)
    drive = form.get_by_role("combobox", name="Drive")
    drive.fill("Only-Typed")
    form.get_by_role("button", name="Create session").click()
    expect(drive).to_have_value("only-typed")
    expect(form.get_by_text("You have no drive called ‘only-typed’")).to_be_visible()
    assert product.api("GET", "sessions").json()["total"] == 0
    form.get_by_role("button", name="Create drive ‘only-typed’").click()
    expect(form.get_by_text("You have no drive called")).to_have_count(0)
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("only-typed")


def test_the_list_of_drives_stays_at_its_field_while_the_form_scrolls(open_page: OpenPage) -> None:
    form = form_of(open_page("new", size=(360, 640)))
    drive = form.get_by_role("combobox", name="Drive")
    drive.click()
    drives = form.get_by_role("listbox", name="Drive")
    expect(drives).to_be_visible()
    form.locator(".dialog-body").evaluate("body => body.scrollBy(0, -40)")
    distance = """list => {
        const field = list.previousElementSibling.getBoundingClientRect();
        const box = list.getBoundingClientRect();
        return Math.max(box.top - field.bottom, field.top - box.bottom);
    }"""
    expect(drives).to_be_visible()
    wait_for(lambda: round(drives.evaluate(distance)) == 4, what="the list to be at its field")


def test_a_half_filled_form_survives_a_reload_and_can_be_emptied(open_page: OpenPage) -> None:
    page = open_page("new")
    form = form_of(page)
    form.get_by_label("Name (optional)").fill("half-done")
    form.get_by_role("radio", name="2 h", exact=True).check()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    page.get_by_role("button", name="New session", exact=True).first.click()
    expect(form.get_by_label("Name (optional)")).to_have_value("half-done")
    page.reload()
    expect(form.get_by_role("radio", name="2 h", exact=True)).to_be_checked()
    form.get_by_role("button", name="Start from the defaults").click()
    expect(form.get_by_label("Name (optional)")).to_have_value("")
    expect(form.get_by_label("Name (optional)")).to_be_focused()
    expect(form.get_by_role("radio", name="15 min", exact=True)).to_be_checked()
    form.get_by_label("Name (optional)").fill("a")
    form.get_by_label("Name (optional)").fill("")
    page.reload()
    expect(form.get_by_role("radio", name="15 min", exact=True)).to_be_checked()
    expect(form.get_by_text("This is what you typed before.")).to_have_count(0)


def test_a_link_only_fills_the_form(open_page: OpenPage, product: Product) -> None:
    page = open_page("new?environment=other&idle_timeout=3600&port=8080")
    form = form_of(page)
    expect(form.get_by_role("radio", name="Other interpreter")).to_be_checked()
    expect(form.get_by_role("radio", name="1 h", exact=True)).to_be_checked()
    expect(form.get_by_text("Nothing starts until you press Create session.")).to_be_visible()
    expect(form.get_by_text("Ports left out: This hub does not offer this.")).to_be_visible()
    assert product.api("GET", "sessions").json()["total"] == 0
    form.get_by_role("button", name="Start from the defaults").click()
    expect(form.get_by_role("radio", name="Python", exact=False).first).to_be_checked()
    expect(form.get_by_role("radio", name="15 min", exact=True)).to_be_checked()
    expect(form.get_by_text("Ports left out")).to_have_count(0)


def test_a_create_that_is_cancelled_is_not_sent_again_by_itself(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page("new")
    sent: list[str] = []
    is_cut = True

    def answer(route: Route) -> None:
        """Let nothing through before the form is closed: it is tried again after a second."""
        if route.request.method == "POST":
            sent.append(route.request.headers["idempotency-key"])
        if route.request.method == "POST" and is_cut:
            route.abort()
        else:
            route.fallback()

    page.route("**/api/v1/sessions", answer)
    form = form_of(page)
    form.get_by_label("Name (optional)").fill("second-thought")
    form.get_by_role("button", name="Create session").click()
    expect(form.get_by_role("group", name="Creating…")).to_contain_text("Trying again")
    form.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status", name="Messages")).to_contain_text(
        "We do not know yet whether it started"
    )
    before, is_cut = len(sent), False
    # What was typed is kept, and the same again after a reload never makes a second session.
    page.reload()
    page.get_by_role("button", name="New session", exact=True).first.click()
    form = form_of(page)
    expect(form.get_by_label("Name (optional)")).to_have_value("second-thought")
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="second-thought")).to_be_visible()
    assert len(sent) == before + 1
    assert len(set(sent)) == 1


def test_a_link_to_an_environment_that_is_not_there_says_what_is_chosen_instead(
    open_page: OpenPage,
) -> None:
    form = form_of(open_page("new?environment=nosuch"))
    expect(form.get_by_role("radio", name=re.compile("^Python"))).to_be_checked()
    note = "There is no environment ‘nosuch’ here: Python is chosen."
    expect(form.get_by_text(note)).to_be_visible()


def test_a_clone_shows_all_that_it_takes_along(open_page: OpenPage, product: Product) -> None:
    parent = product.create(name="with-more", env={"MODE": "fast"}, resources={"memory": "2Gi"})
    form = form_of(open_page(f"new?clone={parent['id']}"), "Clone of with-more")
    expect(form.get_by_label("Memory in GiB")).to_have_value("2")
    form.get_by_role("tab", name="Advanced 1").click()
    expect(form.get_by_label("Value of variable 1")).to_have_value("fast")
    form.get_by_role("button", name="Remove variable 1").click()
    form.get_by_role("tab", name="General").click()
    form.get_by_label("Name (optional)").fill("with-less")
    form.get_by_role("button", name="Create session").click()
    expect(form).to_have_count(0)
    child = product.api("GET", "sessions?q=with-less").json()["items"][0]
    assert (child["env"], child["resources"]["memory"]) == ({}, "2Gi")


def test_a_clone_is_filled_from_its_parent(open_page: OpenPage, product: Product) -> None:
    parent = product.create(name="parent-one", idle_timeout=7200)
    page = open_page()
    page.get_by_role("button", name="Actions for parent-one").click()
    page.get_by_role("menuitem", name="Clone…").click()
    form = form_of(page, "Clone of parent-one")
    expect(form.get_by_role("radio", name="2 h", exact=True)).to_be_checked()
    form.get_by_label("Name (optional)").fill("child-one")
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="child-one")).to_be_visible()
    child = product.api("GET", "sessions?q=child-one").json()["items"][0]
    assert (child["origin"], child["parent"]) == ("clone", parent["id"])


def test_a_refusal_keeps_the_form_and_offers_what_to_stop(
    open_page: OpenPage, product: Product
) -> None:
    for number in range(4):  # of one that does not run yet nobody is asked whether to stop it
        product.running(name=f"full-{number}")
    page = open_page("new")
    form = form_of(page)
    form.get_by_label("Name (optional)").fill("one-too-many")
    form.get_by_role("button", name="Create session").click()
    expect(form.get_by_role("group", name="Not started")).to_contain_text("4 of 4")
    expect(page.get_by_role("status", name="Messages")).to_contain_text("4 of 4")
    expect(form.get_by_role("button", name="Stop full-0")).to_be_visible()
    expect(form.get_by_role("button", name="Create session")).to_be_focused()
    form.get_by_role("button", name="Stop full-0").press("Enter")
    page.keyboard.press("Escape")
    expect(form.get_by_role("button", name="Stop full-0")).to_be_focused()
    expect(form.get_by_label("Name (optional)")).to_have_value("one-too-many")


def test_a_refusal_is_seen_also_from_the_end_of_a_long_form(
    open_page: OpenPage, product: Product
) -> None:
    for number in range(4):
        product.create(name=f"full-{number}")
    form = form_of(open_page("new", size=(360, 640)))
    form.get_by_role("combobox", name="Drive").scroll_into_view_if_needed()
    form.get_by_role("button", name="Create session").click()
    expect(form.get_by_role("group", name="Not started")).to_be_in_viewport()


def test_a_form_that_cannot_be_loaded_is_told_and_the_list_stays(open_page: OpenPage) -> None:
    page = open_page("history")
    page.route("**/CreateDialog-*.js", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="New session", exact=True).click()
    form = page.get_by_role("dialog", name="New session")
    expect(form).to_contain_text("The form could not be loaded.")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.get_by_role("tab", name="History")).to_be_visible()


def test_the_defaults_start_with_two_clicks_and_are_remembered(
    page: Page, product: Product
) -> None:
    page.get_by_role("button", name="More ways to start").click()
    page.get_by_role("menuitem", name="Start with").click()
    rows = page.get_by_role("table", name="Active sessions").get_by_role("row")
    expect(rows).to_have_count(2)
    (session,) = product.api("GET", "sessions").json()["items"]
    assert (session["environment"], session["idle_timeout"]) == ("python", 900)
