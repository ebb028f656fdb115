"""From the hub's pages and from JupyterLab, a link leads back to the session."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product


@pytest.mark.hub5
def test_the_status_bar_of_jupyterlab_leads_back_to_the_session(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="way-back")
    lab = open_page()
    complaints: list[str] = []
    lab.on("pageerror", lambda error: complaints.append(str(error)))
    lab.goto(product.url + session["urls"]["lab"], wait_until="commit")
    expect(lab.locator("#jp-main-dock-panel")).to_be_visible(timeout=60_000)
    link = lab.locator("#jp-main-statusbar").get_by_role("link", name="Session: way-back")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    # In one step: while it starts, JupyterLab takes the focus to its own parts.
    with lab.expect_popup() as popup:
        link.press("Enter")
    details = popup.value.get_by_role("complementary", name="Details of way-back")
    expect(details).to_be_visible()
    assert complaints == []


@pytest.mark.hub5
def test_the_admin_panels_servers_lead_to_their_sessions(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="seen-by-admin")
    page = open_page(user="admin")
    page.goto(f"{product.url}/hub/admin")
    link = page.get_by_role("link", name=f"Session of anna, server {session['server']}")
    expect(link).to_be_visible()
    # Users without servers have nothing to lead to.
    expect(page.get_by_role("link", name="Session of admin", exact=True)).to_have_count(0)
    link.click()
    details = page.get_by_role("complementary", name="Details of seen-by-admin")
    expect(details).to_be_visible()
