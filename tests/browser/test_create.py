"""All that can be chosen for a new session: both tabs, what follows them, what is remembered."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_form import form_of
from tests.support.product import Product
from tests.support.waiting import wait_for


def test_a_drive_and_a_variable_more_make_it_into_the_session(
    open_page: OpenPage, product: Product
) -> None:
    product.api("POST", "drives", {"name": "data"})
    page = open_page("new")
    form = form_of(page)
    form.get_by_label("Name (optional)").fill("with-more")
    form.get_by_label("Memory in GiB").fill("1.5")
    form.get_by_role("tab", name="General").press("ArrowRight")
    advanced = form.get_by_role("tab", name="Advanced")
    expect(advanced).to_be_focused()
    form.get_by_role("button", name="Add a drive").click()
    form.get_by_label("Drive 1", exact=True).select_option("data")
    form.get_by_label("Folder of drive 1").fill("more")
    form.get_by_role("button", name="Add a variable").click()
    expect(form.get_by_label("Name of variable 1")).to_be_focused()
    form.get_by_label("Name of variable 1").fill("MODE")
    form.get_by_label("Value of variable 1").fill("fast")
    expect(form.get_by_role("tab", name="Advanced 2")).to_be_visible()
    expect(form.get_by_role("region", name="Summary")).to_contain_text("Python · 1.5 GiB")
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="with-more")).to_be_visible()
    (session,) = product.api("GET", "sessions").json()["items"]
    assert [(one["drive"], one["path"]) for one in session["extra_drives"]] == [("data", "more")]
    assert (session["env"], session["resources"]["memory"]) == ({"MODE": "fast"}, "1.5Gi")


def test_what_is_wrong_on_the_other_tab_is_led_to_and_nothing_is_sent(
    open_page: OpenPage, product: Product
) -> None:
    form = form_of(open_page("new"))
    form.get_by_role("tab", name="Advanced").click()
    form.get_by_role("button", name="Add a variable").click()
    name = form.get_by_label("Name of variable 1")
    expect(name).to_be_focused()
    # A new row does not start with reproaches.
    expect(name).to_have_attribute("aria-invalid", "false")
    form.get_by_role("tab", name="General").click()
    form.get_by_role("button", name="Create session").click()
    expect(form.get_by_role("tab", name="Advanced 1 something is wrong here")).to_be_visible()
    expect(name).to_be_focused()
    expect(form.get_by_text("Use letters, digits and underscores")).to_be_visible()
    # What only the service knows is told while somebody types.
    name.fill("JUPYTERHUB_API_TOKEN")
    expect(form.get_by_text("This variable belongs to the session")).to_be_visible()
    form.get_by_role("button", name="Create session").click()
    expect(name).to_be_focused()
    assert product.api("GET", "sessions").json()["total"] == 0
    form.get_by_role("button", name="Remove variable 1").click()
    expect(form.get_by_role("button", name="Add a variable")).to_be_focused()
    expect(form.get_by_role("tab", name="Advanced", exact=True)).to_be_visible()


def test_what_this_hub_cannot_give_is_there_with_the_reason(open_page: OpenPage) -> None:
    form = form_of(open_page("new"))
    image = form.get_by_label("Custom image URL")
    expect(image).to_have_accessible_description(re.compile("processes of one machine"))
    expect(image).not_to_be_editable()
    form.get_by_role("tab", name="Advanced").click()
    for group in ("Secrets", "Cloud SQL proxy", "Ports"):
        field = form.get_by_role("group", name=group)
        expect(field).to_have_accessible_description(re.compile("This hub|Sessions on this hub"))
    expect(form.get_by_role("button", name="Add a port")).to_be_disabled()


def test_the_call_follows_the_form(open_page: OpenPage) -> None:
    form = form_of(open_page("new"))
    form.get_by_role("button", name="Show the call…").click()
    call = form.get_by_role("region", name="The call")
    expect(call.get_by_role("tab")).to_have_text(["REST"])
    expect(call.get_by_role("tabpanel")).to_contain_text("$JUPYTERHUB_API_TOKEN")
    form.get_by_label("Name (optional)").fill("by-curl")
    form.get_by_role("radio", name="2 h", exact=True).check()
    expect(call.get_by_role("tabpanel")).to_contain_text('"name": "by-curl"')
    expect(call.get_by_role("tabpanel")).to_contain_text('"idle_timeout": 7200')
    call.get_by_role("button", name="Copy").click()
    expect(form.get_by_role("status", name="Messages")).to_contain_text("Cop")


def test_who_else_works_with_a_drive_is_said_with_a_way_out(
    open_page: OpenPage, product: Product
) -> None:
    product.api("POST", "drives", {"name": "shared-data"})
    product.create(name="first-user", drive="shared-data")
    form = form_of(open_page("new?drive=shared-data"))
    summary = form.get_by_role("region", name="Summary")
    expect(summary).to_contain_text("‘shared-data’ is in use by first-user too")
    expect(summary).to_contain_text("After this: 2 of 4 sessions")
    summary.get_by_role("button", name="Choose another drive").click()
    expect(form.get_by_role("combobox", name="Drive", exact=True)).to_be_focused()


def test_a_draft_survives_a_closed_tab_without_values_of_variables(open_page: OpenPage) -> None:
    page = open_page("new")
    form = form_of(page)
    form.get_by_role("tab", name="Advanced").click()
    form.get_by_role("button", name="Add a variable").click()
    form.get_by_label("Name of variable 1").fill("KEY")
    form.get_by_label("Value of variable 1").fill("hush-hush")
    # Whoever closes the tab now loses nothing: it is written when the page goes, if not before.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert "hush-hush" not in page.evaluate("JSON.stringify(localStorage)")
    assert '"name\\":\\"KEY' in page.evaluate("JSON.stringify(localStorage)").replace("\\\\", "\\")
    other = page.context.new_page()
    page.close()
    other.goto(page.url)
    form = form_of(other)
    expect(form.get_by_text("Values of variables were not kept: type them again.")).to_be_visible()
    form.get_by_role("tab", name="Advanced 1").click()
    expect(form.get_by_label("Name of variable 1")).to_have_value("KEY")
    expect(form.get_by_label("Value of variable 1")).to_have_value("")


def test_no_draft_is_left_behind_at_logout(open_page: OpenPage) -> None:
    page = open_page("new")
    form = form_of(page)
    form.get_by_label("Name (optional)").fill("half-written")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    kept = "JSON.stringify(localStorage)"
    wait_for(lambda: "half-written" in page.evaluate(kept), what="the draft")
    page.route("**/hub/logout", lambda route: route.fulfill(body="Signed out"))
    page.get_by_role("button", name="Logout").click()
    expect(page.get_by_text("Signed out")).to_be_visible()
    assert "half-written" not in page.evaluate(kept)


def remember(page: Page, product: Product, **choices: object) -> None:
    """Have this browser remember these as the last choices, and show the page anew."""
    kept = json.dumps({"lastChoices": {"environment": "sized", "drive": "default", **choices}})
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", ["sessions.v1.anna", kept])
    page.goto(product.base + "new")


def test_what_is_gone_of_the_last_choices_is_said_and_not_tripped_over(
    page: Page, product: Product
) -> None:
    remember(page, product, idle_timeout=1800, choices={"size": "large"}, ports=[{"number": 1}])
    form = form_of(page)
    expect(
        form.get_by_text("Size ‘large’ is not offered any more: small is chosen.")
    ).to_be_visible()
    expect(form.get_by_text("Ports left out: This hub does not offer this.")).to_be_visible()
    expect(form.get_by_role("combobox", name="Size")).to_have_value("s")
    form.get_by_role("searchbox", name="Search environments").fill("other")
    expect(form.get_by_role("radiogroup", name="Environment").get_by_role("radio")).to_have_count(1)
    form.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="More ways to start").click()
    quick = page.get_by_role("menuitem", name="Start with my last choices")
    expect(quick).to_contain_text("Sized, your default, 30 min")
    expect(quick).to_contain_text("small is chosen.")
    own = page.get_by_role("menuitem", name="From my own spec…")
    expect(own).to_have_attribute("aria-disabled", "true")
    expect(own).to_contain_text("processes of one machine")
    quick.click()
    rows = page.get_by_role("table", name="Active sessions").get_by_role("row")
    expect(rows).to_have_count(2)
    (session,) = product.api("GET", "sessions").json()["items"]
    assert (session["environment"], session["idle_timeout"]) == ("sized", 1800)


def test_in_a_small_window_the_summary_is_a_line_that_opens(open_page: OpenPage) -> None:
    form = form_of(open_page("new", size=(360, 740)))
    summary = form.get_by_role("region", name="Summary")
    line = summary.locator("summary")
    expect(line).to_have_text("Python · your default · Stops after 15 min without use")
    expect(summary.get_by_text("Only you can open it")).to_be_hidden()
    line.click()
    expect(summary.get_by_text("Only you can open it")).to_be_visible()
    expect(summary.get_by_text("After this: 1 of 4 sessions")).to_be_in_viewport()
