"""Every screen passes axe in both themes and widths, and the way to a session needs no mouse."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product

NARROW = (360, 740)
WIDE = (1280, 800)


def violations(page: Page) -> list[Any]:
    """Return what axe finds wrong, with the place."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


# The gallery's states pass in both themes and widths; here are the screens that a hub gives.
@pytest.mark.parametrize(
    ("theme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["wide", "narrow"]
)
def test_no_screen_has_an_axe_violation_or_scrolls_sideways(
    open_page: OpenPage, product: Product, theme: str, size: tuple[int, int]
) -> None:
    product.api("POST", "drives", {"name": "d" * 40})
    broken = product.create(name="b" * 40, environment="missing", drive="d" * 40)["id"]
    running = product.running(name="a-running-one", drive="d" * 40)["id"]
    product.wait_state(broken, "failed")
    page = open_page(theme=theme, size=size)
    screens = {
        "": page.get_by_role("link", name="a-running-one"),
        "history": page.get_by_role("link", name="b" * 40),
        "?q=nothing": page.get_by_role("button", name="Clear filters"),
        "new": page.get_by_role("combobox", name="Drive"),
        f"new?clone={broken}": page.get_by_role("combobox", name="Drive"),
        f"s/{running}": page.get_by_test_id("clock"),
        f"s/{broken}/story": page.get_by_role("list", name="Story"),
        f"s/{broken}/status": page.get_by_role("dialog"),
        f"s/{running}/logs": page.get_by_role("log"),
        f"open/{broken}/lab": page.get_by_role("link", name="All sessions"),
        "drives": page.get_by_text("d" * 40, exact=True),
        f"drives/{'d' * 40}": page.locator("[aria-current=true]"),
        "open/sx/lab": page.get_by_role("link", name="All sessions"),
    }
    problems = {}
    for path, sign in screens.items():
        page.goto(product.base + path)
        sign.first.wait_for()
        wrong = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > size[0]:
            wrong.append("scrolls sideways")
        if wrong:
            problems[path] = wrong
    assert problems == {}


def test_a_session_is_started_watched_and_stopped_by_keyboard_alone(
    page: Page, product: Product
) -> None:
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to sessions")).to_be_focused()
    keys.press("n")
    expect(page.get_by_role("heading", name="New session")).to_be_focused()
    name = page.get_by_label("Name (optional)")
    while not name.evaluate("element => element === document.activeElement"):
        keys.press("Tab")
    keys.type("by-keyboard")
    page.get_by_role("checkbox", name="Open JupyterLab when ready").focus()
    keys.press("Space")
    with page.expect_response("**/api/v1/sessions"):
        keys.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row", name="by-keyboard")).to_contain_text("in progress")
    # j goes to the row's name, Enter opens its details, Esc closes them and brings focus back.
    keys.press("j")
    row_name = page.get_by_role("link", name="by-keyboard", exact=True)
    expect(row_name).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("complementary", name="Details of by-keyboard")).to_be_visible()
    keys.press("Escape")
    expect(row_name).to_be_focused()
    # s asks, with the safe answer focused; Esc keeps it running, Ctrl+Enter confirms.
    keys.press("s")
    question = page.get_by_role("dialog", name="Stop by-keyboard?")
    expect(question.get_by_role("button", name="Keep running")).to_be_focused()
    keys.press("Escape")
    expect(question).to_have_count(0)
    expect(row_name).to_be_focused()
    keys.press("s")
    expect(question).to_be_visible()
    keys.press("Control+Enter")
    expect(page.get_by_role("row", name="by-keyboard")).to_contain_text("stopped by you")


def test_keys_select_a_row_and_keep_its_session_longer(page: Page, product: Product) -> None:
    session = product.running(name="kept-longer", idle_timeout=900)
    expect(page.get_by_role("row", name="kept-longer")).to_contain_text("in progress")
    keys = page.keyboard
    keys.press("j")
    keys.press("x")
    expect(page.get_by_role("checkbox", name="Select kept-longer")).to_be_checked()
    expect(page.get_by_role("region", name="Bulk actions")).to_contain_text("1 selected")
    keys.press("x")
    expect(page.get_by_role("region", name="Bulk actions")).to_have_count(0)
    # e leads to what keeps it longer, with its own keys from there on.
    keys.press("e")
    keep = page.get_by_role("button", name="Keep running until…")
    expect(keep).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_text("Keeps running until").last).to_be_visible()
    assert product.get(session["id"])["idle"]["extended_until"] is not None
    # What is confirmed by keyboard does not lose the way back to the row.
    keys.press("Escape")
    expect(page.get_by_role("link", name="kept-longer", exact=True)).to_be_focused()


def test_a_menu_follows_the_pattern(page: Page, product: Product) -> None:
    product.running(name="with-menu")
    expect(page.get_by_role("row", name="with-menu")).to_contain_text("in progress")
    button = page.get_by_role("button", name="Actions for with-menu")
    button.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Details")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Stop session…")).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_role("menuitem", name="Clone…")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_is_chosen_is_seen_in_colours_of_the_system(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    tabs = [page.get_by_role("tab", name=name) for name in ("Active", "History")]
    lines = "element => getComputedStyle(element).borderBottom"
    chosen, other = (tab.evaluate(lines) for tab in tabs)
    assert chosen != other
    tabs[1].click()
    expect(tabs[1]).to_have_attribute("aria-selected", "true")
    assert [tab.evaluate(lines) for tab in tabs] == [other, chosen]
