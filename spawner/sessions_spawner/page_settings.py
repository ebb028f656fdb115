"""The administrator's settings of the Sessions page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from traitlets import Dict, List, TraitError, Unicode, validate
from traitlets.config import Configurable


class SessionsPage(Configurable):
    """What stands around the Sessions page."""

    navigation_items = List(
        Dict(value_trait=Unicode(), key_trait=Unicode()),
        help="List links that the page's navigation bar shows after the hub's own: what a "
        "changed ``page.html`` adds to the hub's pages does not reach this page. An address "
        "is a path of this hub, or begins with https:// or http://. The default adds none. "
        "Example: ``c.SessionsPage.navigation_items = "
        "[{'name': 'Handbook', 'href': 'https://handbook.example.org'}]``.",
    ).tag(config=True)
    announcement = Unicode(
        None,
        allow_none=True,
        help="Set the announcement above the page, as plain text; None, the default, takes the "
        "hub's own (``template_vars['announcement']``), and an empty one shows none. "
        "Example: ``c.SessionsPage.announcement = 'Tonight the drives are moved.'``.",
    ).tag(config=True)

    @validate("navigation_items")
    def _check_items(self, proposal: dict[str, Any]) -> list[dict[str, str]]:
        items: list[dict[str, str]] = proposal["value"]
        for item in items:
            if set(item) != {"name", "href"} or not item["name"].strip():
                raise _wrong(item, "give each item a `name` and a `href`, and nothing else")
            if not _leads_somewhere(item["href"]):
                raise _wrong(item, "begin `href` with https://, http:// or one /")
        return items


def _leads_somewhere(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return not parts.scheme and href.startswith("/") and not href.startswith(("//", "/\\"))


def _wrong(item: dict[str, str], advice: str) -> TraitError:
    return TraitError(f"c.SessionsPage.navigation_items has {item!r}: {advice}.")
