"""Every state of the gallery passes axe in both themes, fits small windows, and looks as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support import gallery
from tests.support.gallery import SCREENS, Gallery
from tests.support.parts import require

WIDE = (1280, 800)
NARROW = (320, 640)
ZOOMED = (640, 450)


@pytest.fixture(scope="session")
def built_gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Give the gallery, built once a run."""
    require("the page's packages")
    return gallery.build(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="module")
def context(chromium: Browser, built_gallery: Gallery) -> Iterator[BrowserContext]:
    """Give a window in which the gallery is all there is; the zone of its times is fixed."""
    context = chromium.new_context(
        viewport=cast("Any", {"width": WIDE[0], "height": WIDE[1]}),
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
    )
    context.set_default_timeout(30_000)
    built_gallery.serve(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give a page for a few states, one after the other."""
    page = context.new_page()
    yield page
    page.close()


def test_the_gallery_has_each_screen_and_no_name_twice(page: Page) -> None:
    states = gallery.states_by_screen(page)
    names = [name for screen in states.values() for name in screen]
    assert sorted(states) == SCREENS
    assert all(states.values())
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("screen", SCREENS)
def test_each_state_passes_axe_in_both_themes_and_fits_small_windows(
    page: Page, screen: str
) -> None:
    problems: dict[str, Any] = {}
    for state in gallery.states_by_screen(page)[screen]:
        try:
            found = look_at(page, state)
        except AssertionError as error:
            found = [str(error)]
        if found:
            problems[state] = found
    assert problems == {}


def look_at(page: Page, state: str) -> list[Any]:
    """Return all that is wrong with a state."""
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    gallery.show(page, state)
    found = [("wide, light", one) for one in gallery.violations(page)]
    gallery.turn(page, "dark", WIDE)
    found += [("wide, dark", one) for one in gallery.violations(page, colours_only=True)]
    gallery.turn(page, "dark", NARROW)
    found += [("narrow, dark", one) for one in gallery.violations(page)]
    found += [("narrow", one) for one in gallery.out_of_reach(page)]
    gallery.turn(page, "light", ZOOMED)
    found += [("zoomed", one) for one in gallery.out_of_reach(page)]
    return found
