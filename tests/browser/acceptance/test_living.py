"""(e), (h) to (k): finding, keeping, stopping five, drives, and the call as curl."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.acceptance.conftest import also_narrow, both_hands
from tests.browser.acceptance.hands import Hand
from tests.browser.acceptance.steps import (
    act,
    create,
    delete_drives,
    drives_of,
    found,
    keep_longer,
    leave_doors_closed,
    open_form,
    row_of,
)
from tests.browser.conftest import OpenPage
from tests.support.product import Product


@both_hands
def test_e_finds_a_past_session_by_drive_shares_the_address_and_clones_it(
    hand: Hand, product: Product, open_page: OpenPage, new: Callable[[str], str]
) -> None:
    page = hand.page
    past, other, drive, again = map(new, ("yesterday", "another", "corpora", "today"))
    product.api("POST", "drives", {"name": drive}, expect=201)
    for name, on in ((past, drive), (other, "default")):
        product.wait_state(product.create(name=name, drive=on, environment="ends")["id"], "failed")
    hand.press(page.get_by_role("tab", name=re.compile("^History")))
    expect(row_of(page, other)).to_be_visible()
    hand.press(page.get_by_role("button", name="Drive filter"))
    hand.tick(page.get_by_role("checkbox", name=drive))
    page.keyboard.press("Escape")
    expect(row_of(page, past)).to_be_visible()
    expect(page.get_by_role("link", name=other, exact=True)).to_have_count(0)
    address = page.url.removeprefix(product.base)
    assert f"drive={drive}" in address
    # A colleague comes to the same filter, and sees none of what is not his.
    theirs = open_page(address, user="ben")
    expect(theirs.get_by_role("tab", name=re.compile("^History"))).to_have_attribute(
        "aria-selected", "true"
    )
    expect(theirs.get_by_role("button", name=re.compile(f"^Remove .*{drive}"))).to_be_visible()
    expect(theirs.get_by_role("link", name=past, exact=True)).to_have_count(0)
    act(hand, past, "Clone…")
    form = page.get_by_role("dialog", name=f"Clone of {past}")
    hand.tick(form.get_by_role("radio", name=re.compile("^Python")))
    leave_doors_closed(hand, form)
    hand.type(form.get_by_label("Name (optional)"), again)
    create(hand, form)
    clone = found(product, again)
    assert (clone["drive"], clone["environment"], clone["origin"]) == (drive, "python", "clone")


@also_narrow
def test_h_learns_when_and_why_it_will_stop_and_keeps_it_longer(
    hand: Hand, product: Product, new: Callable[[str], str]
) -> None:
    session = product.running(name=new("keep-me"), idle_timeout=900)
    keep_longer(hand, session["name"])
    assert product.get(session["id"])["idle"]["extended_until"]


@both_hands
def test_i_stops_five_at_once(hand: Hand, product: Product, new: Callable[[str], str]) -> None:
    page = hand.page
    names = [new(f"five-{number}") for number in range(5)]
    for name in names:
        product.create(name=name, environment="silent")
    expect(page.get_by_role("checkbox", name=re.compile("^Select five"))).to_have_count(5)
    for name in names:
        hand.tick(page.get_by_role("checkbox", name=f"Select {name}"))
    hand.press(page.get_by_role("button", name="Stop 5 sessions"))
    question = page.get_by_role("dialog", name="Stop 5 sessions?")
    hand.press(question.get_by_role("button", name="Stop 5 sessions"))
    for name in names:
        expect(row_of(page, name)).to_contain_text("Moved to History", timeout=60_000)


@also_narrow
def test_j_deletes_a_drive_and_is_kept_from_deleting_one_in_use(
    hand: Hand, product: Product, new: Callable[[str], str]
) -> None:
    spare, busy, user = map(new, ("spare", "busy", "uses-it"))
    for name in (spare, busy):
        product.api("POST", "drives", {"name": name}, expect=201)
    product.create(name=user, drive=busy, environment="silent")
    delete_drives(hand, spare, busy, user)
    assert busy in drives_of(product)
    assert spare not in drives_of(product)


@both_hands
def test_k_copies_the_call_as_curl_and_runs_it(
    hand: Hand, product: Product, new: Callable[[str], str]
) -> None:
    page, name = hand.page, new("by-curl")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form = open_form(hand)
    hand.type(form.get_by_label("Name (optional)"), name)
    hand.press(form.get_by_role("button", name="Show the call…"))
    call = form.get_by_role("region", name="The call")
    expect(call.get_by_role("tabpanel", name="REST")).to_contain_text(name)
    hand.press(call.get_by_role("button", name="Copy"))
    expect(form.get_by_role("status", name="Messages")).to_contain_text("Copied")
    script = page.evaluate("navigator.clipboard.readText()")
    token = product.token(product.user)
    assert "$JUPYTERHUB_API_TOKEN" in script
    assert token not in script
    run = subprocess.run(
        ["bash", "-c", script],
        env={"JUPYTERHUB_API_TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout)["name"] == name
    page.keyboard.press("Escape")
    expect(row_of(page, name)).to_contain_text("in progress")
