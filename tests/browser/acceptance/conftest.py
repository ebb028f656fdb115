"""A product with room for seven sessions, and the hands that work its page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, StorageState

from tests.browser.acceptance.hands import Hand, Keyboard, Mouse
from tests.browser.conftest import SETTINGS, OpenPage
from tests.support.parts import require
from tests.support.product import Product, running_product

WIDE: Final = (1280, 800)
NARROW: Final = (360, 740)
KINDS: Final[dict[str, Callable[[Page], Hand]]] = {"mouse": Mouse, "keyboard": Keyboard}

# Every letter of the acceptance is done once by mouse and once by keyboard alone; these also on a
# telephone.
both_hands = pytest.mark.parametrize(
    ("kind", "size"), [("mouse", WIDE), ("keyboard", WIDE)], ids=["mouse", "keyboard"]
)
also_narrow = pytest.mark.parametrize(
    ("kind", "size"),
    [("mouse", WIDE), ("keyboard", WIDE), ("mouse", NARROW)],
    ids=["mouse", "keyboard", "narrow"],
)


@pytest.fixture(scope="session")
def shared_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give the product that the acceptance shares; ask for `product`."""
    require("configurable-http-proxy")
    extra = SETTINGS.replace("running = 4", "running = 7")
    with running_product(tmp_path_factory.mktemp("acceptance"), extra=extra) as product:
        yield product


@pytest.fixture(scope="session")
def sign_ins() -> dict[str, StorageState]:
    """Give the cookies of everybody who has signed in at this product so far."""
    return {}


@pytest.fixture
def hand(open_page: OpenPage, kind: str, size: tuple[int, int]) -> Hand:
    """Give the hand that works the Sessions page, opened in a window of that size."""
    return KINDS[kind](open_page(size=size))


_numbers = itertools.count(1)


@pytest.fixture
def new() -> Callable[[str], str]:
    """Give the function that makes a name which nothing had before."""
    number = next(_numbers)
    return lambda name: f"{name}-{number}"
