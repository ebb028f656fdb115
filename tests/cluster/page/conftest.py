"""The page of a hub whose sessions are pods: the browser of the page's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import chromium, open_page, sign_ins

__all__ = ["chromium", "open_page", "sign_ins"]

# A fresh hub reads its first pod, and a fresh cluster takes it, later than a page answers.
PATIENCE = 20_000
USUAL = 5_000


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait longer for what the page shows: most of it is the cluster's word."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=USUAL)
