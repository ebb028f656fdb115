"""What the letters of the acceptance share: rows, menus, the form, whole ways through a page."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.acceptance.hands import Hand
from tests.support.product import Product

INSIDE = {"JupyterLab": "#jp-main-dock-panel", "VS Code": ".monaco-workbench", "shell": ".xterm"}


def row_of(page: Page, name: str) -> Locator:
    """Return a session's row, or its card in a narrow window."""
    row = page.get_by_role("row").or_(page.get_by_role("listitem"))
    return row.filter(has=page.get_by_role("link", name=name, exact=True)).first


def act(hand: Hand, name: str, action: str) -> None:
    """Choose an action in the menu of a session or a drive."""
    hand.press(hand.page.get_by_role("button", name=f"Actions for {name}", exact=True))
    hand.press(hand.page.get_by_role("menuitem", name=action))


def details_of(hand: Hand, name: str) -> Locator:
    """Open a session's details from its name and return them."""
    hand.press(hand.page.get_by_role("link", name=name, exact=True))
    return hand.page.get_by_role("complementary", name=f"Details of {name}")


def open_form(hand: Hand) -> Locator:
    """Open the form of a new session and return it."""
    hand.press(hand.page.get_by_role("button", name="New session", exact=True).first)
    form = hand.page.get_by_role("dialog", name="New session")
    expect(form.get_by_label("Name (optional)")).to_be_visible()
    return form


def leave_doors_closed(hand: Hand, form: Locator) -> None:
    """Have the form open nothing when the session is ready."""
    hand.untick(form.get_by_role("checkbox", name="Open JupyterLab when ready"))


def create(hand: Hand, form: Locator) -> None:
    """Send the form, and see it close."""
    hand.press(form.get_by_role("button", name="Create session"))
    expect(form).to_have_count(0, timeout=60_000)


def found(product: Product, name: str) -> dict[str, Any]:
    """Return the only session of that name."""
    answer = product.api("GET", f"sessions?q={name}", expect=200).json()
    (session,) = (one for one in answer["items"] if one["name"] == name)
    return dict(session)


def open_door(hand: Hand, name: str, door: str) -> None:
    """Open a door from the session's row, and see what is inside."""
    page = hand.page
    link = page.get_by_role("link", name=f"Open {door} of {name}", exact=True, disabled=False)
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_popup() as popup:
        hand.press(link)
    expect(popup.value.locator(INSIDE[door]).first).to_be_visible(timeout=60_000)
    popup.value.close()


def start_with_defaults(hand: Hand, product: Product) -> str:
    """(a) Start with the defaults in two clicks, see JupyterLab open, and open the other doors."""
    form = open_form(hand)
    with hand.page.expect_popup() as popup:
        hand.press(form.get_by_role("button", name="Create session"))
    expect(popup.value.locator(INSIDE["JupyterLab"])).to_be_visible(timeout=60_000)
    popup.value.close()
    name = str(product.api("GET", "sessions").json()["items"][0]["name"])
    for door in ("VS Code", "shell"):
        open_door(hand, name, door)
    return name


def cancel_start(hand: Hand, name: str) -> None:
    """(d) See that a session is starting, and cancel it."""
    page = hand.page
    hand.press(page.get_by_role("button", name=f"What is happening with {name}"))
    dialog = page.get_by_role("dialog", name=f"Starting {name}")
    hand.press(dialog.get_by_role("button", name="Cancel start"))
    expect(page.get_by_role("dialog", name=f"Start of {name}")).to_contain_text(
        "Cancelled before it was ready.", timeout=60_000
    )


def keep_longer(hand: Hand, name: str) -> Locator:
    """(h) Learn when and why a session will stop, and keep it longer; return its details."""
    page = hand.page
    details = details_of(hand, name)
    clock = details.get_by_test_id("clock")
    expect(clock).to_contain_text(
        re.compile(r"Stops at \d|It stops 15 min after the last use"), timeout=60_000
    )
    hand.press(details.get_by_role("button", name="Keep running until…"))
    hand.press(page.get_by_role("menuitem", name=re.compile("^4 h")))
    expect(page.get_by_text(f"{name} keeps running until").last).to_be_visible(timeout=60_000)
    expect(clock).to_contain_text("Kept running until")
    return details


def delete_drives(hand: Hand, spare: str, busy: str, user: str) -> None:
    """(j) Be kept from deleting a drive in use, with the way to its user; delete another one."""
    page = hand.page
    hand.press(page.get_by_role("link", name="Drives", exact=True))
    act(hand, busy, "Delete…")
    kept = page.get_by_role("dialog", name=f"Delete {busy}?")
    expect(kept).to_contain_text(f"In use by {user}. Stop it first.")
    expect(kept.get_by_role("link", name="Go to it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(kept).to_have_count(0)
    act(hand, spare, "Delete…")
    question = page.get_by_role("dialog", name=f"Delete {spare}?")
    hand.type(question.get_by_role("textbox"), spare)
    hand.press(question.get_by_role("button", name="Delete drive"))
    expect(question).to_have_count(0, timeout=60_000)


def drives_of(product: Product) -> list[str]:
    """Return the names of the drives there are."""
    return [one["name"] for one in product.api("GET", "drives").json()["items"]]
