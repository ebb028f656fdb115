"""Watching a start: stages, a failure with its evidence, a cancelled one, the address of a door."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product


def test_a_failed_start_says_why_and_is_still_there_tomorrow(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="breaks", environment="ends")
    product.wait_state(session["id"], "failed")
    page = open_page("history?q=breaks")
    row = page.get_by_role("table", name="Session history").get_by_role("row", name="breaks")
    expect(row).to_contain_text("crashed")
    page.goto(f"{product.base}s/{session['id']}/status")
    dialog = page.get_by_role("dialog", name="Start of breaks")
    # First for eyes, then for screen readers.
    expect(dialog.get_by_text("The program inside crashed (exit code 3)").first).to_be_visible()
    # Which stage it came to, and why it went no further.
    stages = dialog.get_by_role("list", name="Stages").get_by_role("listitem")
    expect(stages.last).to_contain_text(re.compile(r"Starting: failed.*crashed .exit code 3"))
    expect(stages.first).to_contain_text("done")
    expect(dialog.get_by_text("boom")).to_be_visible()
    expect(dialog.get_by_role("button", name="Copy all")).to_be_visible()
    expect(dialog.get_by_role("button", name="Start again")).to_be_enabled()


def test_a_start_is_followed_and_cancelled_from_its_status_dialog(
    page: Page, product: Product
) -> None:
    session = product.create(name="slow-one", environment="silent")
    page.get_by_role("button", name="What is happening with slow-one").click()
    dialog = page.get_by_role("dialog", name="Starting slow-one")
    expect(dialog.get_by_role("progressbar", name="Start of slow-one")).to_have_attribute(
        "aria-valuetext", "30\u00a0%, starting"
    )
    stages = dialog.get_by_role("list", name="Stages").get_by_role("listitem")
    expect(stages.last).to_contain_text("Starting")
    # What it prints meanwhile is there, beside the stages.
    with (product.state / "processes" / f"{session['id']}.log").open("a") as log:
        log.write("importing the world\n")
    expect(dialog.get_by_role("region", name="Evidence")).to_contain_text("importing the world")
    dialog.get_by_role("button", name="Cancel start").click()
    ended = page.get_by_role("dialog", name="Start of slow-one")
    expect(ended).to_contain_text("Cancelled before it was ready.")
    next_step = ended.get_by_role("contentinfo").get_by_role("button", name="Start again")
    expect(next_step).to_be_enabled()
    assert product.get(session["id"])["cause"] == "user"
    page.keyboard.press("Escape")
    expect(ended).to_have_count(0)
    expect(page).to_have_url(product.base)


def test_what_a_cluster_shows_of_a_start_is_told_as_it_comes_and_kept(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="in-a-pod", environment="shows")
    page = open_page(f"s/{session['id']}/status")
    dialog = page.get_by_role("dialog", name="Starting in-a-pod")
    expect(dialog.get_by_role("progressbar", name="Start of in-a-pod")).to_have_attribute(
        "aria-valuetext", "60\u00a0%, fetching the image"
    )
    expect(dialog.get_by_role("list", name="Events")).to_contain_text("Pulling lab:1 (4.1 GiB)")
    containers = dialog.get_by_role("list", name="Containers")
    expect(containers).to_contain_text("notebook waiting (ContainerCreating)")
    expect(containers).to_contain_text("proxy running · ready · 0 restarts")
    dialog.get_by_role("button", name="Cancel start").click()
    over = page.get_by_role("dialog", name="Start of in-a-pod")
    expect(over).to_contain_text("Cancelled before it was ready.")
    page.reload()
    expect(over.get_by_role("list", name="Events")).to_contain_text("Pulling lab:1 (4.1 GiB)")
    expect(over.get_by_role("list", name="Containers")).to_contain_text("proxy running")


def test_a_start_that_is_ready_says_how_long_it_took_and_is_shown_later_too(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="was-quick")
    page = open_page(f"s/{session['id']}/status")
    dialog = page.get_by_role("dialog", name="Start of was-quick")
    expect(dialog).to_contain_text(re.compile(r"Ready after [\d.]+ s\."))
    stages = dialog.get_by_role("list", name="Stages").get_by_role("listitem")
    expect(stages.last).to_contain_text("Ready: done")
    expect(dialog.get_by_role("link", name="Open JupyterLab")).to_be_visible()


def test_what_a_start_waits_for_is_said_wherever_it_is_followed(
    page: Page, product: Product
) -> None:
    product.create(name="no-room-yet", environment="waits")
    sentence = "No machine has room for 8 CPU yet."
    row = page.get_by_role("table", name="Active sessions").get_by_role("row", name="no-room-yet")
    expect(row).to_contain_text(sentence)
    row.get_by_role("button", name="What is happening with no-room-yet").click()
    dialog = page.get_by_role("dialog", name="Starting no-room-yet")
    expect(dialog).to_contain_text(sentence)
    # It is no stage of its own, and told to who does not see it.
    stages = dialog.get_by_role("list", name="Stages").get_by_role("listitem")
    expect(stages.last).to_contain_text(re.compile(r"^Starting: now"))
    expect(page.get_by_role("status", name="Messages")).to_contain_text(sentence)
    page.keyboard.press("Escape")
    row.get_by_role("link", name="no-room-yet", exact=True).click()
    drawer = page.get_by_role("complementary", name="Details of no-room-yet")
    expect(drawer.get_by_role("progressbar", name="Start of no-room-yet")).to_be_visible()
    expect(drawer).to_contain_text(sentence)
    drawer.get_by_role("button", name="Cancel start").click()
    expect(drawer).not_to_contain_text(sentence)


def test_the_address_of_a_door_waits_and_goes_on(open_page: OpenPage, product: Product) -> None:
    session = product.create(name="soon-open")
    page = open_page(f"open/{session['id']}/lab", wait=False)
    page.wait_for_url(re.compile(rf"/user/anna/{session['id']}/lab"), timeout=40_000)


def test_the_address_of_a_door_of_an_ended_session_offers_to_start_it_again(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(name="gone-by", environment="missing")
    product.wait_state(session["id"], "failed")
    page = open_page(f"open/{session['id']}/shell")
    expect(page.get_by_role("heading", name="Shell of gone-by")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Start again|Change"))).to_be_visible()


def test_the_details_tell_the_clock_and_the_story(open_page: OpenPage, product: Product) -> None:
    session = product.running(name="with-clock", idle_timeout=1800)
    page = open_page(f"s/{session['id']}")
    drawer = page.get_by_role("complementary", name="Details of with-clock")
    expect(drawer.get_by_test_id("clock")).to_contain_text(re.compile(r"Stops|In use|No news"))
    drawer.get_by_label("Idle timeout").select_option("3600")
    expect(page.get_by_text("Idle timeout is 1 h now.").last).to_be_visible()
    assert product.get(session["id"])["idle_timeout"] == 3600
    drawer.get_by_role("button", name="Story").click()
    expect(page).to_have_url(re.compile(r"/story$"))
    expect(drawer.get_by_role("list", name="Story")).to_contain_text("It was ready.")
