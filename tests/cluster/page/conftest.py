"""The page of a hub whose sessions are pods: the browser of the page's own tests."""

from __future__ import annotations

from tests.browser.conftest import chromium, open_page, sign_ins

__all__ = ["chromium", "open_page", "sign_ins"]
