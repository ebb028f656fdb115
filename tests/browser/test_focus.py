"""What has the focus keeps it, or hands it to its neighbour: in the gallery, key by key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.support import gallery

WIDE = (1280, 800)


@pytest.fixture
def page(chromium: Browser, gallery_address: str) -> Iterator[Page]:
    """Give a page that shows states of the gallery."""
    size = {"width": WIDE[0], "height": WIDE[1]}
    context = chromium.new_context(
        base_url=gallery_address, viewport=cast("Any", size), timezone_id="UTC", locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def tell(page: Page, session: dict[str, Any]) -> None:
    """Have the stream tell of a session."""
    detail = json.dumps({"path": "events", "news": [["session", session]]})
    page.evaluate(f"() => dispatchEvent(new CustomEvent('gallery-news', {{ detail: {detail} }}))")


def session_of(page: Page, session_id: str) -> dict[str, Any]:
    """Return a session as the gallery's service answers it."""
    path = f"/services/sessions/api/v1/sessions/{session_id}"
    return cast("dict[str, Any]", page.evaluate(f"() => fetch('{path}').then((it) => it.json())"))


def get_ready(page: Page, session_id: str) -> None:
    """Have a session that starts become ready."""
    doors = ("lab", "code", "shell")
    change = {
        "state": "running",
        "status": "in progress",
        "ready_at": "2026-11-21T14:02:00.000Z",
        "urls": {door: f"/user/anna/{session_id}/{door}" for door in doors},
        "access": {door: {"state": "ready"} for door in doors},
    }
    now = session_of(page, session_id)
    tell(page, {**now, **change, "revision": now["revision"] + 1})


def test_esc_closes_the_menu_and_then_the_drawer_wherever_the_focus_is(page: Page) -> None:
    gallery.show(page, "details-keep")
    drawer = page.get_by_role("complementary", name="Details of churn-model")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem", name="1 h")).to_have_count(0)
    expect(drawer).to_be_visible()
    search = page.get_by_role("searchbox")
    search.fill("churn")
    page.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_search_that_comes_after_a_drawer_leaves_it_open(page: Page) -> None:
    gallery.show(page, "list-one")
    page.get_by_role("searchbox").fill("churn")
    page.get_by_role("link", name="churn-model", exact=True).click()
    expect(page.get_by_role("button", name="Remove Search: ‘churn’")).to_be_visible()
    expect(page.get_by_role("complementary", name="Details of churn-model")).to_be_visible()


def test_the_list_stands_beside_the_drawer_with_all_its_controls(page: Page) -> None:
    gallery.show(page, "details-overview")
    left = page.get_by_role("complementary").bounding_box()
    assert left is not None
    buttons = ("New session", "Actions for churn-model", "Help")
    for button in buttons:
        box = page.get_by_role("main").get_by_role("button", name=button).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= left["x"], button


def test_a_name_that_was_changed_or_not_gives_the_focus_back_to_its_pen(page: Page) -> None:
    gallery.show(page, "details-overview")
    pen = page.get_by_role("button", name="Rename churn-model")
    for key in ("Enter", "Escape"):
        pen.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("New name")).to_be_focused()
        page.keyboard.press(key)
        expect(pen).to_be_focused()


def test_a_name_asked_for_by_the_menu_is_typed_at_once(page: Page) -> None:
    gallery.show(page, "details-rename")
    expect(page.get_by_label("New name")).to_be_focused()


def test_another_part_of_the_details_does_not_take_the_focus(page: Page) -> None:
    gallery.show(page, "list-one")
    page.get_by_role("link", name="churn-model", exact=True).focus()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Keep running until…")).to_be_focused()
    story = page.get_by_role("complementary").get_by_role("button", name="Story")
    story.focus()
    page.keyboard.press("Enter")
    expect(story).to_have_attribute("aria-current", "page")
    expect(story).to_be_focused()


def test_a_door_that_comes_to_open_keeps_the_focus(page: Page) -> None:
    gallery.show(page, "list-statuses")
    door = page.get_by_role("link", name="Open JupyterLab of gpu-train")
    door.focus()
    get_ready(page, "sgputrain222")
    expect(door).to_have_attribute("href", "/user/anna/sgputrain222/lab")
    expect(door).to_be_focused()


def test_a_status_that_is_no_button_any_more_hands_the_focus_to_its_row(page: Page) -> None:
    gallery.show(page, "list-statuses")
    status = page.get_by_role("button", name="What is happening with gpu-train")
    expect(status).to_have_accessible_description(re.compile("^pending 60.% fetching"))
    status.focus()
    get_ready(page, "sgputrain222")
    expect(page.get_by_role("link", name="gpu-train", exact=True)).to_be_focused()


def test_rows_below_stay_where_they_are_when_ones_own_start_is_ready(page: Page) -> None:
    gallery.show(page, "list-own-start")
    below = page.get_by_role("link", name="churn-model", exact=True)
    before = below.evaluate("e => e.getBoundingClientRect().top")
    get_ready(page, "sgputrain222")
    row = page.get_by_role("row", name="gpu-train")
    expect(row).to_contain_text("in progress")
    assert below.evaluate("e => e.getBoundingClientRect().top") == before


def test_clearing_the_selection_hands_the_focus_to_the_first_row_that_was_selected(
    page: Page,
) -> None:
    gallery.show(page, "list-selected")
    page.get_by_role("button", name="Clear selection").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Select churn-model")).to_be_focused()


def test_a_button_that_cannot_be_used_says_why_and_keeps_the_focus(page: Page) -> None:
    gallery.show(page, "list-offline")
    page.get_by_role("checkbox", name="Select churn-model").check()
    stop = page.get_by_role("button", name="Stop 1 session")
    stop.focus()
    expect(page.get_by_role("tooltip")).to_have_text("You are offline.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(stop).to_be_focused()
    page.get_by_role("link", name="churn-model", exact=True).click()
    drawer = page.get_by_role("complementary")
    for name in ("Stop session…", "Rename churn-model"):
        expect(drawer.get_by_role("button", name=name)).to_have_accessible_description(
            "You are offline."
        )
    expect(drawer.get_by_label("Idle timeout")).to_be_disabled()


def test_the_bell_counts_no_notice_twice_after_a_visit_to_drives(page: Page) -> None:
    gallery.show(page, "notices-panel")
    bell = page.get_by_role("button", name="Notices", exact=True)
    expect(bell).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Drives").click()
    expect(page.get_by_role("heading", name="Drives")).to_be_visible()
    page.go_back()
    expect(bell).to_be_visible()


def test_a_session_that_cannot_be_loaded_says_why_and_how_to_go_on(page: Page) -> None:
    gallery.show(page, "status-signed-out")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Sign in")).to_be_visible()
    page.keyboard.press("Escape")


def test_keys_go_round_the_tabs_of_the_list(page: Page) -> None:
    gallery.show(page, "list-one")
    active = page.get_by_role("tab", name="Active")
    history = page.get_by_role("tab", name="History")
    active.focus()
    for key, there in (("ArrowRight", history), ("Home", active), ("End", history)):
        page.keyboard.press(key)
        expect(there).to_be_focused()
        expect(there).to_have_attribute("aria-selected", "true")
