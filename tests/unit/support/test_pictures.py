"""Pictures of the page: another font is the same page, a block that went or moved is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.support.pictures import Picture, groups, read, why_unlike, write

WIDTH, HEIGHT = 320, 200
PAPER, INK, BUTTON, BAR = 15, 4, 6, 13


class Drawing:
    """A page as the comparison sees it: words in some font, buttons, a bar."""

    def __init__(self, font: int = 1, stretch: float = 1.0) -> None:
        self._greys = [bytearray([PAPER]) * WIDTH for _ in range(HEIGHT)]
        self._chance = random.Random(font)
        self._stretch = stretch

    def box(self, x: int, y: int, width: int, height: int, grey: int) -> None:
        """Fill a rectangle."""
        for row in self._greys[y : y + height]:
            row[x : x + width] = bytes([grey]) * width

    def words(self, x: int, y: int, width: int) -> None:
        """Write a line: strokes whose places are the font's, and a third of its area ink."""
        for row in self._greys[y : y + 3]:
            for at in range(x, x + int(width * self._stretch)):
                if self._chance.random() < 0.35:
                    row[at] = INK

    def picture(self) -> Picture:
        """Return what was drawn."""
        return Picture(WIDTH, HEIGHT, b"".join(self._greys))


def draw(
    *,
    font: int = 1,
    stretch: float = 1.0,
    lower: int = 0,
    styled: bool = True,
    button: int | None = 270,
) -> Picture:
    """Draw a list with a bar of tools on top and a button under it."""
    drawing = Drawing(font, stretch)
    if styled:
        drawing.box(0, 0, WIDTH, 12, BAR)
    if button is not None:
        drawing.box(button, 16, 36, 9, BUTTON)
    for line in range(12):
        left = 10 if styled else 2
        y = 40 + lower + (12 if styled else 5) * line
        for column in range(5 if styled else 2):
            drawing.words(left + (60 if styled else 25) * column, y, 40)
    return drawing.picture()


WAS = draw()


@pytest.mark.parametrize("font", range(2, 8))
@pytest.mark.parametrize("stretch", [0.92, 1.0, 1.1])
def test_another_font_is_the_same_page(font: int, stretch: float) -> None:
    assert why_unlike(WAS, draw(font=font, stretch=stretch)) == ""


def test_a_pixel_more_or_less_is_the_same_page() -> None:
    assert why_unlike(WAS, draw(lower=1)) == ""


def test_a_block_that_moved_is_told() -> None:
    assert "together" in why_unlike(WAS, draw(button=200, font=2))


def test_a_button_that_is_gone_is_told_either_way() -> None:
    without = draw(button=None)
    assert "together" in why_unlike(WAS, without)
    assert "together" in why_unlike(without, WAS)


def test_a_lost_style_sheet_is_told() -> None:
    assert "blocks differ" in why_unlike(WAS, draw(styled=False))


def test_lines_that_are_gone_are_told() -> None:
    drawing = Drawing()
    drawing.box(0, 0, WIDTH, 12, BAR)
    drawing.box(270, 16, 36, 9, BUTTON)
    assert "blocks differ" in why_unlike(WAS, drawing.picture())


def test_a_picture_of_another_size_is_told() -> None:
    assert why_unlike(WAS, Picture(2, 2, b"\0\1\2\3")) == "2 × 2 instead of 320 × 200"


def test_blocks_that_touch_each_other_are_a_group() -> None:
    blocks = [(0, 0), (1, 1), (2, 1), (9, 9), (5, 5), (5, 6)]
    assert sorted(groups(blocks)) == [1, 2, 3]


@pytest.mark.parametrize("width", [4, 5])
def test_a_picture_is_read_as_it_was_written(tmp_path: Path, width: int) -> None:
    picture = Picture(width, 3, bytes(number % 16 for number in range(3 * width)))
    write(tmp_path / "one.png", picture)
    assert read(tmp_path / "one.png") == picture
