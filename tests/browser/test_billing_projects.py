"""Billing projects: chosen in the form, shown in the list, and only those that are offered."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product


def test_who_pays_is_chosen_and_shown_without_figures_that_nobody_has(
    open_page: OpenPage, product: Product
) -> None:
    user = product.new_user()
    page = open_page("new", user=user)
    form = page.get_by_role("dialog", name="New session")
    form.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
    form.get_by_label("Name (optional)").fill("paid-for")
    form.get_by_role("tab", name="Advanced").click()
    project = form.get_by_role("combobox", name="Billing project")
    expect(project.get_by_role("option")).to_have_text(
        ["None", "Machine learning, fourth quarter"], use_inner_text=False
    )
    project.select_option("ml-q4")
    summary = form.get_by_role("region", name="Summary")
    expect(summary).to_contain_text("Billing: Machine learning, fourth quarter")
    assert "left" not in summary.inner_text()
    form.get_by_role("button", name="Create session").click()
    row = page.get_by_role("row", name="paid-for")
    expect(row).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Billing project ID").check()
    expect(row).to_contain_text("ml-q4")
    page.goto(f"{product.base}?billing_project=ml-q4")
    expect(row).to_be_visible()


def test_a_link_with_a_project_of_others_is_refused_at_its_field(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page("new?billing_project=closed", user=product.new_user())
    form = page.get_by_role("dialog", name="New session")
    form.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
    form.get_by_role("button", name="Create session").click()
    sentence = "No billing project called ‘closed’ is offered to you; choose one that is listed."
    expect(form.get_by_text(sentence).first).to_be_visible()
    expect(form.get_by_role("tab", name="Advanced")).to_have_attribute("aria-selected", "true")
