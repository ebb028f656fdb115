"""The drives: made, renamed, deleted with care, restored, and kept while something uses them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations
from tests.support.product import Product

NARROW = (360, 740)
SIZED = {"size": "10Gi", "size_max": "100Gi", "total_used": str(40 << 30), "total_max": "100Gi"}


@pytest.fixture
def user(product: Product) -> str:
    """Give somebody who has no drive yet."""
    return product.new_user()


def make(product: Product, user: str, name: str) -> dict[str, Any]:
    made: dict[str, Any] = product.api(
        "POST", "drives", {"name": name}, user=user, expect=201
    ).json()
    return made


def names(product: Product, user: str, query: str = "") -> list[str]:
    answer = product.api("GET", f"drives{query}", user=user, expect=200)
    return [one["name"] for one in answer.json()["items"]]


def choose(page: Page, drive: str, action: str) -> None:
    """Choose an action of a drive's menu."""
    page.get_by_role("button", name=f"Actions for {drive}").click()
    page.get_by_role("menuitem", name=action).click()


def row_of(page: Page, drive: str) -> Locator:
    return page.get_by_role("table", name="Drives").get_by_role("row", name=drive)


def test_a_drive_is_made_renamed_deleted_and_restored(
    open_page: OpenPage, product: Product, user: str
) -> None:
    page = open_page(user=user)
    page.get_by_role("link", name="Drives", exact=True).click()
    expect(page.get_by_text("Your default drive is made with your first session.")).to_be_visible()

    page.get_by_role("button", name="New drive").click()
    dialog = page.get_by_role("dialog", name="New drive")
    name = dialog.get_by_label("Name")
    name.fill("My Data")
    name.press("Enter")
    expect(name).to_have_accessible_description(re.compile("lower case letters"))
    expect(dialog.get_by_role("status", name="Messages")).to_contain_text("lower case letters")
    name.fill("data")
    name.press("Enter")
    expect(row_of(page, "data")).to_be_visible()
    expect(dialog).to_have_count(0)

    choose(page, "data", "Rename…")
    page.get_by_role("dialog", name="Rename the drive ‘data’").get_by_label("Name").fill("models")
    page.keyboard.press("Control+Enter")
    expect(row_of(page, "models")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row_of(page, "data")).to_be_visible()

    choose(page, "data", "Delete…")
    dialog = page.get_by_role("dialog", name="Delete data?")
    expect(dialog).to_contain_text("Delete the drive ‘data’ and its files?")
    expect(dialog).to_contain_text("It can be restored for 7 days.")
    dialog.get_by_role("button", name="Delete drive").click()
    typed = dialog.get_by_label("Type its name, data")
    expect(typed).to_have_accessible_description(re.compile("Type the drive’s name, ‘data’."))
    assert names(product, user) == ["data"]
    typed.fill("data")

    def answer_late(route: Route) -> None:
        """Answer when the list has already heard of it: the dialog waits for its answer."""
        answer = route.fetch()
        expect(page.get_by_role("table", name="Drives")).to_have_count(0)
        expect(dialog.get_by_role("button", name="Delete drive")).to_be_focused()
        route.fulfill(response=answer)

    page.route("**/api/v1/drives/*?confirm=*", answer_late)
    dialog.get_by_role("button", name="Delete drive").click()
    expect(dialog).to_have_count(0)
    deleted = page.get_by_role("region", name="Deleted")
    expect(deleted).to_contain_text("data")
    expect(page.get_by_role("table", name="Drives")).to_have_count(0)
    assert names(product, user, "?deleted=true") == ["data"]

    deleted.get_by_role("button", name="Restore data").click()
    expect(row_of(page, "data")).to_be_visible()
    expect(deleted).to_have_count(0)
    expect(page.get_by_role("heading", level=2, name="Drives", exact=True)).to_be_focused()
    expect(dialog).to_have_count(0)
    assert names(product, user) == ["data"]


def test_a_drive_in_use_is_kept_and_leads_to_what_uses_it(
    open_page: OpenPage, product: Product, user: str
) -> None:
    make(product, user, "data")
    product.running(user=user, name="gpu-train", drive="data")
    page = open_page(user=user)
    page.get_by_role("row", name="gpu-train").get_by_role("link", name="data").click()
    row = row_of(page, "data")
    expect(row).to_have_attribute("aria-current", "true")
    expect(row.get_by_role("link", name="gpu-train")).to_be_visible()
    expect(row).to_contain_text("now")
    choose(page, "data", "Delete…")
    dialog = page.get_by_role("dialog", name="Delete data?")
    expect(dialog.get_by_text("In use by gpu-train. Stop it first.")).to_be_visible()
    dialog.get_by_role("link", name="Go to it").click()
    expect(page.get_by_role("complementary", name="Details of gpu-train")).to_be_visible()
    page.go_back()
    expect(row).to_be_visible()


def test_the_drives_follow_what_happens_elsewhere(
    open_page: OpenPage, product: Product, user: str
) -> None:
    make(product, user, "data")
    page = open_page("drives", user=user)
    row = row_of(page, "data")
    expect(page.get_by_text("Live", exact=False).first).to_be_visible()
    session = product.running(user=user, name="elsewhere", drive="data")
    expect(row.get_by_role("link", name="elsewhere")).to_be_visible()
    product.api("POST", f"sessions/{session['id']}/stop", {}, user=user)
    expect(row.get_by_role("link", name="elsewhere")).to_have_count(0)
    expect(row).to_contain_text("just now")
    # The default drive came with the session, stays first, and stays.
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("your default")
    first.get_by_role("button", name="Actions for your default").click()
    for action in ("Rename…", "Delete…"):
        expect(page.get_by_role("menuitem", name=action)).to_be_disabled()
    expect(page.get_by_text("The default drive cannot be deleted.")).to_be_visible()


def test_drives_with_sizes_say_how_full_they_are_and_only_grow(
    open_page: OpenPage, product: Product, user: str
) -> None:
    """A hub on a cluster has sizes, and one that measures has figures: its answers stand in."""
    drive = make(product, user, "data")
    grown: list[Any] = []

    def answer(route: Route) -> None:
        request = route.request
        shown = {**drive, "size": "10Gi", "used": str(int(8.1 * 2**30))}
        shown["allowed"] = {"delete": True, "rename": True, "grow": True}
        if request.method == "PATCH":
            grown.append(request.post_data_json)
            route.fulfill(json=shown)
        elif request.url.endswith("/options"):
            options = route.fetch().json()
            route.fulfill(json={**options, **SIZED, "storage_classes": ["fast"]})
        elif request.method == "GET" and request.url.endswith("/drives"):
            route.fulfill(json={"items": [shown], "total": 1, "next": None})
        else:
            route.continue_()

    page = open_page(user=user)
    page.route("**/api/v1/drives**", answer)
    page.route("**/api/v1/drives/**", answer)
    page.goto(product.base + "drives")
    row = row_of(page, "data")
    expect(row.get_by_role("meter", name="Used of data")).to_have_attribute("aria-valuenow", "81")
    expect(row).to_contain_text("8.1 GiB")
    expect(row).to_contain_text("81 % full")
    expect(page.get_by_text("40 of 100 GiB used")).to_be_visible()
    assert violations(page) == []
    choose(page, "data", "Grow…")
    size = page.get_by_role("dialog", name="More room for data").get_by_label("Size in GiB")
    expect(size).to_have_value("10")
    size.press("Enter")
    grows = re.compile("A drive only grows: type more than 10 GiB.")
    expect(size).to_have_accessible_description(grows)
    size.fill("20")
    size.press("Enter")
    expect(page.get_by_text("The drive ‘data’ grows.").last).to_be_visible()
    assert grown == [{"size": "20Gi"}]
    page.get_by_role("button", name="New drive").click()
    dialog = page.get_by_role("dialog", name="New drive")
    expect(dialog).to_contain_text("Up to 100 GiB. 40 of 100 GiB used")
    expect(dialog.get_by_label("Storage class")).to_be_visible()
    assert violations(page) == []


def test_offline_the_drives_stay_and_nothing_can_be_done(
    open_page: OpenPage, product: Product, user: str
) -> None:
    make(product, user, "data")
    page = open_page("drives", user=user, size=NARROW)
    card = page.get_by_role("list", name="Drives").get_by_role("listitem", name="data")
    expect(card).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. What you see is from")).to_be_visible()
    expect(page.get_by_role("button", name="New drive")).to_be_disabled()
    card.get_by_role("button", name="Actions for data").click()
    expect(page.get_by_role("menuitem", name="Delete…")).to_be_disabled()
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="New drive")).to_be_enabled()
    expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_an_administrator_looks_after_somebodys_drives(
    open_page: OpenPage, product: Product, user: str
) -> None:
    make(product, user, "data")
    page = open_page("drives", user="admin")
    owner = page.get_by_role("textbox", name="Owner")
    owner.fill(user)
    owner.press("Enter")
    expect(page.get_by_role("heading", name=f"Drives of {user}")).to_be_visible()
    expect(page.get_by_role("button", name="New drive")).to_have_count(0)
    choose(page, "data", "Rename…")
    page.get_by_role("dialog", name="Rename the drive ‘data’").get_by_label("Name").fill("kept")
    page.keyboard.press("Control+Enter")
    expect(row_of(page, "kept")).to_be_visible()
    assert names(product, user) == ["kept"]


def test_the_form_takes_a_drive_from_the_manager(
    open_page: OpenPage, product: Product, user: str
) -> None:
    make(product, user, "data")
    page = open_page("new", user=user)
    form = page.get_by_role("dialog", name="New session")
    drive = form.get_by_role("combobox", name="Drive")
    form.get_by_role("button", name="Manage drives").click()
    manager = page.get_by_role("dialog", name="Drives")
    manager.get_by_role("button", name="New drive").click()
    page.get_by_role("dialog", name="New drive").get_by_label("Name").fill("models")
    # Of the dialogs that lie over each other only the topmost is confirmed.
    page.keyboard.press("Control+Enter")
    expect(manager.get_by_role("button", name="Choose models")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(manager).to_have_count(0)
    expect(form.get_by_role("button", name="Manage drives")).to_be_focused()
    form.get_by_role("button", name="Manage drives").click()
    manager.get_by_role("button", name="Choose models").click()
    expect(manager).to_have_count(0)
    expect(drive).to_have_value("models")
    assert product.api("GET", "sessions", user=user).json()["total"] == 0
    assert names(product, user) == ["data", "models"]
