"""The newcomer's whole way: from signing in to starting yesterday's session again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ARTEFACTS
from tests.support.product import Product


@pytest.mark.hub5
def test_a_newcomer_starts_works_stops_and_starts_again(page: Page, product: Product) -> None:
    # An empty list says what to do.
    expect(page.get_by_text("No session is running. Start one")).to_be_visible()
    page.get_by_role("button", name="New session", exact=True).first.click()

    # The form is ready to be sent as it is; JupyterLab opens in a tab of its own.
    form = page.get_by_role("dialog", name="New session")
    form.get_by_label("Name (optional)").fill("first-try")
    expect(form.get_by_role("region", name="Summary")).to_contain_text("Python")
    with page.expect_popup() as popup:
        form.get_by_role("button", name="Create session").click()
    lab = popup.value
    lab.wait_for_url("**/lab**", timeout=40_000)
    expect(lab.locator("#jp-main-dock-panel")).to_be_visible(timeout=40_000)

    # Its row is there, ready, with its doors.
    table = page.get_by_role("table", name="Active sessions")
    row = table.get_by_role("row", name="first-try")
    expect(row).to_contain_text("in progress")
    door = row.get_by_role("link", name="Open JupyterLab of first-try")
    expect(door).to_have_attribute("target", "_blank")
    expect(door).to_have_attribute("rel", "noopener noreferrer")
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "newcomer.png")

    # Stopping asks once; the row stays where it is and says what happened.
    row.get_by_role("button", name="Actions for first-try").click()
    page.get_by_role("menuitem", name="Stop session…").click()
    question = page.get_by_role("dialog", name="Stop first-try?")
    expect(question.get_by_role("button", name="Keep running")).to_be_focused()
    question.get_by_role("button", name="Stop session").click()
    expect(row).to_contain_text("Moved to History", timeout=20_000)
    expect(row).to_contain_text("stopped by you")

    # History knows it with its cause, and starts it again.
    page.get_by_role("tab", name="History").click()
    past = page.get_by_role("table", name="Session history").get_by_role("row", name="first-try")
    expect(past).to_contain_text("stopped by you")
    past.get_by_role("button", name="Actions for first-try").click()
    page.get_by_role("menuitem", name="Restart").click()
    expect(page.get_by_text("Started again as first-try.", exact=True).last).to_be_visible()
    page.get_by_role("tab", name="Active").click()
    expect(row).to_contain_text("in progress", timeout=30_000)
    assert product.api("GET", "sessions").json()["items"][0]["origin"] == "restart"


@pytest.mark.needs("code-server")
def test_lab_code_and_shell_show_the_same_files(page: Page, product: Product) -> None:
    session = product.running(name="three-doors")
    row = page.get_by_role("row", name="three-doors")
    for door, selector in (
        ("Open shell of three-doors", ".xterm"),
        ("Open VS Code of three-doors", ".monaco-workbench"),
    ):
        with page.expect_popup() as popup:
            row.get_by_role("link", name=door).click()
        expect(popup.value.locator(selector).first).to_be_visible(timeout=40_000)
    assert product.get(session["id"])["state"] == "running"
