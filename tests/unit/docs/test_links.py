"""Every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.docs.pages import DOCS, FENCE, name_of, pages, text_of

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that a page's headings have, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def links_of(page: Path) -> list[str]:
    """Return the links of a page that lead to a file of the checkout."""
    found = LINK.findall(FENCE.sub("", text_of(page)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in links_of(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        files = (link.partition("#")[0] for link in links_of(page))
        waiting += [(page.parent / file).resolve() for file in files if file]
    assert [name_of(page) for page in DOCS.rglob("*.md") if page not in reached] == []
