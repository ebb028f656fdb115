"""The pages under test, and what can be found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
DOCS = CHECKOUT / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return every Markdown page of the checkout's own."""
    folders = (DOCS, CHECKOUT / "benchmarks", CHECKOUT / "deploy")
    return sorted(
        [*CHECKOUT.glob("*.md"), *(page for one in folders for page in one.rglob("*.md"))]
    )


def name_of(page: Path) -> str:
    """Return a page's path in the checkout, for the names of tests."""
    return str(page.relative_to(CHECKOUT))


def text_of(page: Path) -> str:
    """Return a page's text."""
    return page.read_text(encoding="utf-8")


def code_of(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page that are in a language."""
    return [code for found, code in FENCE.findall(text_of(page)) if found == language]


def found_in_pages(pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Give (page, match) of every place in every page that a pattern fits."""
    for page in pages():
        for match in re.finditer(pattern, text_of(page)):
            yield name_of(page), match
