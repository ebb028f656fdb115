"""(a) to (d): starts with the defaults, with more, after a failure; and one that is cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acceptance.conftest import also_narrow, both_hands
from tests.browser.acceptance.hands import Hand
from tests.browser.acceptance.steps import (
    act,
    cancel_start,
    create,
    found,
    leave_doors_closed,
    open_form,
    row_of,
    start_with_defaults,
)
from tests.support.product import Product


@also_narrow
@pytest.mark.needs("code-server")
def test_a_starts_with_the_defaults_in_two_clicks_and_opens_every_door(
    hand: Hand, product: Product
) -> None:
    name = start_with_defaults(hand, product)
    expect(row_of(hand.page, name)).to_contain_text("in progress")


@both_hands
def test_b_starts_with_a_new_drive_and_two_hours_and_learns_what_this_hub_lacks(
    hand: Hand, product: Product, new: Callable[[str], str]
) -> None:
    form = open_form(hand)
    leave_doors_closed(hand, form)
    name, drive = new("with-more"), new("corpus")
    hand.type(form.get_by_label("Name (optional)"), name)
    hand.tick(form.get_by_role("radio", name="2 h", exact=True))
    make_drive(hand, form, drive)
    hand.press(form.get_by_role("tab", name=re.compile("^Advanced")))
    for group in ("Secrets", "Ports"):
        expect(form.get_by_role("group", name=group)).to_have_accessible_description(
            re.compile("This hub does not offer this|Sessions on this hub")
        )
    expect(form.get_by_role("button", name="Add a port")).to_be_disabled()
    create(hand, form)
    expect(row_of(hand.page, name)).to_contain_text("in progress")
    session = found(product, name)
    assert (session["drive"], session["idle_timeout"]) == (drive, 7200)


def make_drive(hand: Hand, form: Locator, name: str) -> None:
    """Type a name that no drive has, and have it made."""
    field = form.get_by_role("combobox", name="Drive", exact=True)
    hand.type(field, name)
    offer = form.get_by_role("option", name=f"Create drive ‘{name}’")
    expect(offer).to_be_visible()
    hand.pick(field, offer)
    expect(form.get_by_role("region", name="Summary")).to_contain_text(f"Drive: {name}")


@both_hands
def test_c_sees_why_a_start_failed_and_starts_it_rightly(
    hand: Hand, product: Product, new: Callable[[str], str]
) -> None:
    page = hand.page
    wrong, right = new("not-right"), new("put-right")
    product.wait_state(product.create(name=wrong, environment="ends")["id"], "failed")
    row = row_of(page, wrong)
    hand.press(row.get_by_role("link", name="crashed (exit code 3)"))
    details = page.get_by_role("complementary", name=f"Details of {wrong}")
    expect(details).to_contain_text("The program inside crashed (exit code 3)")
    expect(details).to_contain_text("boom")
    hand.press(details.get_by_role("button", name="Close", exact=True))
    act(hand, wrong, "Clone…")
    form = page.get_by_role("dialog", name=f"Clone of {wrong}")
    hand.tick(form.get_by_role("radio", name=re.compile("^Python")))
    leave_doors_closed(hand, form)
    hand.type(form.get_by_label("Name (optional)"), right)
    create(hand, form)
    expect(row_of(page, right)).to_contain_text("in progress")
    # What failed is still there.
    expect(row).to_contain_text("crashed")


@also_narrow
def test_d_cancels_a_start(hand: Hand, product: Product, new: Callable[[str], str]) -> None:
    slow = product.create(name=new("not-wanted"), environment="silent")
    cancel_start(hand, slow["name"])
    assert product.get(slow["id"])["cause"] == "user"
