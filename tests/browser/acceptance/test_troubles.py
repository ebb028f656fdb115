"""(m): the same with the stream cut, the hub restarting, and two tabs open on one session."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acceptance.hands import Mouse
from tests.browser.acceptance.steps import (
    cancel_start,
    create,
    delete_drives,
    details_of,
    drives_of,
    found,
    keep_longer,
    leave_doors_closed,
    open_door,
    open_form,
    row_of,
    start_with_defaults,
)
from tests.browser.conftest import OpenPage
from tests.support.product import Product

NO_STREAM = """
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url.replace("events", "nowhere"));
  }
};
"""
DRIVES = ("spare", "busy")

pytestmark = pytest.mark.slow


@pytest.fixture
def cut_page(open_page: OpenPage) -> Page:
    """Give a page whose stream leads nowhere."""
    page = open_page()
    page.add_init_script(NO_STREAM)
    page.reload()
    expect(page.get_by_text("Every 30 s")).to_be_visible()
    return page


@pytest.mark.needs("code-server")
def test_without_a_stream_a_session_starts_and_opens_and_is_kept_longer(
    cut_page: Page, product: Product
) -> None:
    hand = Mouse(cut_page)
    name = start_with_defaults(hand, product)
    keep_longer(hand, name)


def test_without_a_stream_a_start_is_cancelled_and_drives_are_deleted(
    cut_page: Page, product: Product, new: Callable[[str], str]
) -> None:
    hand = Mouse(cut_page)
    spare, busy = make_drives(product, new)
    user = product.create(name=new("uses-it"), drive=busy, environment="silent")["name"]
    cut_page.reload()
    delete_drives(hand, spare, busy, user)
    assert spare not in drives_of(product)
    cut_page.get_by_role("link", name="Active").click()
    cancel_start(hand, user)


def make_drives(product: Product, new: Callable[[str], str]) -> tuple[str, str]:
    """Make a drive to delete and one to use."""
    spare, busy = map(new, DRIVES)
    for name in (spare, busy):
        product.api("POST", "drives", {"name": name}, expect=201)
    return spare, busy


@contextlib.contextmanager
def while_it_restarts(restart: Callable[[], None]) -> Iterator[None]:
    """Do the block while the product, or a part of it, is down and comes back."""
    with ThreadPoolExecutor(1) as thread:
        restarting = thread.submit(restart)
        yield
        restarting.result()


def restart_hub(product: Product) -> None:
    product.kill_hub()
    product.start()


def test_while_the_hub_restarts_a_form_is_sent_in_the_end_and_once(
    open_page: OpenPage, product: Product, new: Callable[[str], str]
) -> None:
    page, name = open_page(), new("through-it")
    hand = Mouse(page)
    form = open_form(hand)
    leave_doors_closed(hand, form)
    hand.type(form.get_by_label("Name (optional)"), name)
    with while_it_restarts(lambda: restart_hub(product)):
        create(hand, form)
    expect(row_of(page, name)).to_contain_text("in progress", timeout=60_000)
    assert found(product, name)["state"] == "running"
    open_door(hand, name, "JupyterLab")


def test_while_the_service_restarts_all_is_kept_longer_cancelled_and_deleted(
    open_page: OpenPage, product: Product, new: Callable[[str], str]
) -> None:
    spare, busy = make_drives(product, new)
    running = product.running(name=new("goes-on"), drive=busy)
    slow = product.create(name=new("too-slow"), environment="silent")
    page = open_page()
    hand = Mouse(page)
    with while_it_restarts(product.kill_worker):
        keep_longer(hand, running["name"])
    with while_it_restarts(product.kill_worker):
        cancel_start(hand, slow["name"])
    page.keyboard.press("Escape")
    with while_it_restarts(product.kill_worker):
        delete_drives(hand, spare, busy, running["name"])
    assert spare not in drives_of(product)


def test_two_tabs_show_the_same_of_one_session(
    open_page: OpenPage, product: Product, new: Callable[[str], str]
) -> None:
    page, other = open_page(), open_page()
    hand, name = Mouse(page), new("seen-twice")
    form = open_form(hand)
    leave_doors_closed(hand, form)
    hand.type(form.get_by_label("Name (optional)"), name)
    create(hand, form)
    # Started in one tab, opened from the other.
    open_door(Mouse(other), name, "JupyterLab")
    theirs = details_of(Mouse(other), name)
    details = keep_longer(hand, name)
    expect(theirs.get_by_test_id("clock")).to_contain_text("Kept running until")
    details.get_by_role("button", name="Stop session…").click()
    question = page.get_by_role("dialog", name=f"Stop {name}?")
    question.get_by_role("button", name="Stop session").click()
    for each in (page, other):
        expect(row_of(each, name)).to_contain_text("Moved to History", timeout=60_000)


def test_two_tabs_show_the_same_of_a_cancelled_start_and_a_deleted_drive(
    open_page: OpenPage, product: Product, new: Callable[[str], str]
) -> None:
    spare, busy = make_drives(product, new)
    user = product.create(name=new("uses-it"), drive=busy, environment="silent")
    page, other = open_page(), open_page(f"s/{user['id']}/status")
    hand = Mouse(page)
    delete_drives(hand, spare, busy, user["name"])
    page.get_by_role("link", name="Active").click()
    cancel_start(hand, user["name"])
    dialog = other.get_by_role("dialog", name=f"Start of {user['name']}")
    expect(dialog).to_contain_text("Cancelled before it was ready.")
    other.goto(f"{product.base}drives")
    expect(other.get_by_role("button", name=f"Actions for {busy}")).to_be_visible()
    expect(other.get_by_role("button", name=f"Actions for {spare}")).to_have_count(0)
