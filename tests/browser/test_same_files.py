"""The three doors of a session open on the same files."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.product import Product


@pytest.mark.needs("code-server")
def test_a_file_made_in_the_shell_is_there_in_vs_code_and_in_jupyterlab(
    page: Page, product: Product
) -> None:
    product.running(name="one-drive")
    row = page.get_by_role("row", name="one-drive")

    def opened(door: str) -> Page:
        with page.expect_popup() as popup:
            row.get_by_role("link", name=f"Open {door} of one-drive").click()
        return popup.value

    shell = opened("shell")
    expect(shell.get_by_role("status")).to_have_text("Connected")
    shell.keyboard.type("echo one > made-in-the-shell.txt; echo do''ne")
    shell.keyboard.press("Enter")
    expect(shell.locator(".xterm-rows")).to_contain_text("done")
    code, lab = opened("VS Code"), opened("JupyterLab")
    named = "made-in-the-shell.txt"
    expect(code.get_by_role("treeitem", name=named)).to_be_visible(timeout=40_000)
    expect(lab.locator(".jp-DirListing-item", has_text=named)).to_be_visible(timeout=40_000)
