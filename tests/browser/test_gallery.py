"""Every state of the gallery passes axe in both themes, fits small windows, and looks as before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import ARTEFACTS, PATIENCE
from tests.support import gallery, pictures
from tests.support.gallery import SCREENS, THEMES

WIDE = (1280, 800)
NARROW = (320, 640)
ZOOMED = (640, 450)
WINDOWS = (WIDE, (800, 900), (360, 740))
# `SESSIONS_NEW_BASELINES=1 make test ONLY=tests/browser/test_gallery.py` takes them anew.
BASELINES: Final = Path(__file__).parent / "baselines"
NEW: Final = os.environ.get("SESSIONS_NEW_BASELINES") == "1"
PICTURED: Final = frozenset(
    {
        "list-empty",
        "list-statuses",
        "list-longest",
        "list-just-ended",
        "list-error",
        "list-filters-chosen",
        "list-actions-menu",
        "list-selected",
        "history-causes",
        "create-defaults",
        "create-clone",
        "create-errors",
        "create-checks",
        "create-limit",
        "status-fetching",
        "status-failed-image-pull",
        "status-ready",
        "details-overview",
        "details-warning",
        "details-story",
        "stop-several",
        "notices-told",
        "open-waiting",
        "open-missing",
    }
)


@pytest.fixture(scope="module")
def context(chromium: Browser, gallery_address: str) -> Iterator[BrowserContext]:
    """Give a window in which the gallery is all there is; the zone of its times is fixed."""
    BASELINES.mkdir(exist_ok=True)
    for old in BASELINES.glob("*.png") if NEW else ():
        old.unlink()
    context = chromium.new_context(
        base_url=gallery_address,
        viewport=cast("Any", {"width": WIDE[0], "height": WIDE[1]}),
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
    )
    context.set_default_timeout(PATIENCE)
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


# The longest takes a minute while other tests run beside it; the first waits for the build too.
@pytest.mark.timeout(400)
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
    found += [("wide", one) for one in gallery.out_of_reach(page)]
    gallery.turn(page, "dark", WIDE)
    found += [("wide, dark", one) for one in gallery.violations(page, "colours")]
    if state in PICTURED:
        found += compare(page, state)
    gallery.turn(page, "dark", NARROW)
    found += [("narrow, dark", one) for one in gallery.violations(page, in_cards(state))]
    found += [("narrow", one) for one in gallery.out_of_reach(page)]
    gallery.turn(page, "light", ZOOMED)
    found += [("zoomed", one) for one in gallery.out_of_reach(page)]
    return found


def in_cards(state: str) -> Literal["all", "structure"]:
    """Return what to look at in a narrow window: lists are drawn otherwise there, as cards."""
    return "all" if state.startswith(("list-", "history-")) else "structure"


def compare(page: Page, state: str) -> list[Any]:
    """Return which pictures of a state look unlike those of before."""
    found = []
    for window in WINDOWS:
        for theme in THEMES:
            gallery.turn(page, theme, window)
            kept = baseline_of(state, theme, window[0])
            if NEW:
                pictures.write(kept, pictures.take(page))
            elif not kept.exists():
                found.append((kept.name, "it is not there"))
            else:
                why = pictures.why_unlike(pictures.read(kept), taken := pictures.take(page))
                if why:
                    ARTEFACTS.mkdir(exist_ok=True)
                    pictures.write(ARTEFACTS / kept.name, taken)
                    found.append((kept.name, why))
    return found


def baseline_of(state: str, theme: str, width: int) -> Path:
    """Return the file of a picture."""
    return BASELINES / f"{state}-{theme}-{width}.png"


def test_each_pictured_state_has_all_its_pictures_and_together_they_are_small() -> None:
    there = {path.name for path in BASELINES.glob("*.png")}
    assert there == {
        baseline_of(state, theme, width).name
        for state in PICTURED
        for theme in THEMES
        for width, _height in WINDOWS
    }
    assert sum(path.stat().st_size for path in BASELINES.glob("*.png")) < 3_000_000


def test_another_font_passes_and_a_lost_style_sheet_or_button_does_not(page: Page) -> None:
    gallery.show(page, "create-checks")
    was = pictures.take(page)
    page.add_style_tag(content="* { font-family: 'DejaVu Sans Condensed', sans-serif !important }")
    gallery.turn(page, "light", WIDE)
    assert pictures.why_unlike(was, pictures.take(page)) == ""
    gallery.show(page, "create-checks")
    page.get_by_role("button", name="Create session").evaluate("(it) => { it.hidden = true; }")
    gallery.turn(page, "light", WIDE)
    assert pictures.why_unlike(was, pictures.take(page)) != ""
    gallery.show(page, "create-checks")
    page.evaluate("() => document.querySelectorAll('link[rel=stylesheet]')[1].remove()")
    gallery.turn(page, "light", WIDE)
    assert pictures.why_unlike(was, pictures.take(page)) != ""
