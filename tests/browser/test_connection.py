"""What the page says and keeps when the network, the service or the sign-in is gone."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.support.product import Product
from tests.support.waiting import wait_for

API = "**/services/sessions/api/v1/**"


def test_offline_the_rows_stay_and_actions_say_why_not(page: Page, product: Product) -> None:
    product.running(name="still-seen")
    row = page.get_by_role("row", name="still-seen")
    expect(row).to_contain_text("in progress")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. What you see is from")).to_be_visible()
    row.get_by_role("button", name="Actions for still-seen").click()
    expect(page.get_by_role("menuitem", name="Stop session…")).to_be_disabled()
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_while_the_service_is_away_the_rows_stay_and_the_page_returns_by_itself(
    page: Page, product: Product
) -> None:
    product.running(name="goes-on")
    row = page.get_by_role("row", name="goes-on")
    expect(row).to_contain_text("in progress")

    def away(route: Route) -> None:
        route.fulfill(status=503, body="")

    def asked() -> bool:
        # The stream still lives: what it tells of the session is good news for the list.
        page.keyboard.press("r")
        return page.get_by_text("The hub is restarting.").is_visible()

    page.route(API, away)
    wait_for(asked, every=0.5, what="the page to say that nobody answers")
    expect(row).to_be_visible()
    page.unroute(API, away)
    expect(page.get_by_text("The hub is restarting.")).to_have_count(0)


def test_a_killed_service_is_reconnected_to(page: Page, product: Product) -> None:
    expect(page.get_by_text("Live")).to_be_visible()
    product.kill_worker()
    product.create(name="after-the-crash")
    expect(page.get_by_role("row", name="after-the-crash")).to_be_visible(timeout=40_000)


# Streams that can be cut, and then lead nowhere.
CUTTABLE = """
window.streams = [];
window.EventSource = class extends EventSource {
  constructor(url) {
    super(window.isCut ? url + "/nowhere" : url);
    window.streams.push(this);
  }
};
"""
CUT = "isCut = true; for (const each of streams) { each.close(); each.onerror(); }"


def test_a_cut_stream_with_nobody_behind_it_is_told_at_once(open_page: OpenPage) -> None:
    page = open_page(size=(360, 640))
    page.add_init_script(CUTTABLE)
    page.reload()
    is_open = "streams.some(each => each.readyState === EventSource.OPEN)"
    wait_for(lambda: page.evaluate(is_open), what="the stream")
    page.route(API, lambda route: route.fulfill(status=503, body=""))
    page.evaluate(CUT)
    expect(page.get_by_text("The hub is restarting.")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Every 30 s")).to_be_visible()


def test_without_a_stream_starting_rows_are_asked_for_together(
    open_page: OpenPage, product: Product
) -> None:
    first, _second = (
        product.create(name=name, environment="waits") for name in ("waits-one", "waits-two")
    )
    page = open_page()
    page.add_init_script(CUTTABLE)
    page.reload()
    is_open = "streams.some(each => each.readyState === EventSource.OPEN)"
    wait_for(lambda: page.evaluate(is_open), what="the stream")
    expect(page.get_by_role("row", name="waits-two")).to_contain_text("pending")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(CUT)
    expect(page.get_by_text("Every 30 s")).to_be_visible()

    def lists() -> list[str]:
        page.evaluate("1")
        return [url for url in asked if "/sessions?" in url and "limit=0" not in url]

    # Once after the cut, and then every 5 s.
    wait_for(lambda: len(lists()) >= 2, every=0.5, what="the rows to be asked for")
    assert [url for url in asked if "/api/v1/sessions/s" in url] == []
    # What they bring is told as what a stream brings.
    product.api("POST", f"sessions/{first['id']}/stop", expect=202)
    told = page.get_by_role("status", name="Messages")
    expect(told).to_contain_text("Cancelled waits-one before it was ready.")


def test_a_list_that_cannot_be_refreshed_says_since_when_and_its_id(
    page: Page, product: Product
) -> None:
    product.running(name="from-before")
    row = page.get_by_role("row", name="from-before")
    expect(row).to_contain_text("in progress")
    lists = "**/api/v1/sessions?*"
    body = '{"error": {"code": "internal", "message": "A fault.", "id": "7f3a"}}'
    page.route(lists, lambda route: route.fulfill(status=500, body=body))

    def is_told() -> bool:
        page.keyboard.press("r")
        words = "The list could not be refreshed (id 7f3a). What you see is from"
        return page.get_by_text(words).is_visible()

    wait_for(is_told, every=0.5, what="the page to say that it failed")
    expect(row).to_be_visible()
    # While it still fails: as soon as it does not, the page has tried it by itself.
    with page.expect_request(lists):
        page.get_by_role("button", name="Try now").click()
    page.unroute(lists)
    expect(page.get_by_text("could not be refreshed")).to_have_count(0)


def test_signed_out_in_the_middle_what_was_typed_stays_and_is_sent_after_all(
    page: Page, product: Product
) -> None:
    page.get_by_role("button", name="New session", exact=True).first.click()
    name = page.get_by_label("Name (optional)")
    name.fill("typed-before")
    page.context.clear_cookies()
    page.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
    page.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("group", name="Not started")).to_contain_text(
        "You have been signed out."
    )
    expect(name).to_have_value("typed-before")

    # Signed in again in another tab, the same form goes through.
    sign_in(page.context.new_page(), product, product.user)
    page.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="typed-before")).to_be_visible()


def test_paused_nothing_changes_and_resumed_everything_is_there(
    page: Page, product: Product
) -> None:
    page.get_by_role("button", name="Pause updates").click()
    expect(page.get_by_text("Paused at")).to_be_visible()
    session = product.create(name="meanwhile")
    product.wait_state(session["id"], "running")
    expect(page.get_by_role("row", name="meanwhile")).to_have_count(0)
    page.get_by_role("button", name="Resume updates").click()
    expect(page.get_by_role("row", name="meanwhile")).to_be_visible()
