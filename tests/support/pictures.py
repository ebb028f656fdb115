"""Small grey pictures of the page, and whether two look alike though their fonts differ.

A picture is kept at a quarter of its size in 16 greys. What is compared are blocks of 16 × 16
pixels of the page: the mean of a block may lie anywhere between the means around it in the other
picture, so that a letter more or less does not count, and a block that has come or gone does.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

SMALLER: Final = 4
BLOCK: Final = 4
GREYS: Final = 16
# Of the 15 steps between black and white; how many blocks that touch each other may differ, and
# which share of all: another font breaks lines elsewhere in narrow windows.
TOLERANCE: Final = 1.3
LARGEST: Final = 16
SHARE: Final = 0.08
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SHRINK: Final = """async ([png, by]) => {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const [w, h] = [Math.floor(width / by), Math.floor(height / by)];
  const sums = new Float32Array(w * h);
  for (let y = 0; y < h * by; y++) for (let x = 0; x < w * by; x++) {
    const at = 4 * (y * width + x);
    const grey = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    sums[Math.floor(y / by) * w + Math.floor(x / by)] += grey;
  }
  const small = Array.from(sums, (sum) => String.fromCharCode(Math.round(sum / (by * by) / 17)));
  return [w, h, btoa(small.join(""))];
}"""


@dataclass(frozen=True)
class Picture:
    """Greys from 0 to 15, row by row."""

    width: int
    height: int
    greys: bytes

    def blocks(self) -> list[list[float]]:
        """Return the mean of each block."""
        rows = range(0, self.height - BLOCK + 1, BLOCK)
        columns = range(0, self.width - BLOCK + 1, BLOCK)
        return [[self._mean(x, y) for x in columns] for y in rows]

    def _mean(self, x: int, y: int) -> float:
        starts = [(y + line) * self.width + x for line in range(BLOCK)]
        return sum(sum(self.greys[at : at + BLOCK]) for at in starts) / BLOCK**2


def take(page: Page) -> Picture:
    """Take a picture of what a page shows; the page itself makes it small."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    session.detach()
    width, height, greys = page.evaluate(_SHRINK, [shot["data"], SMALLER])
    return Picture(width, height, base64.b64decode(greys))


def differing(was: Picture, now: Picture) -> list[tuple[int, int]]:
    """Return the blocks, as column and row, whose mean the other picture has nowhere near them."""
    before, after = was.blocks(), now.blocks()
    rows, columns = len(before), len(before[0])
    return [
        (x, y)
        for y in range(rows)
        for x in range(columns)
        if _is_strange(before, after, x, y) or _is_strange(after, before, x, y)
    ]


def _is_strange(blocks: list[list[float]], other: list[list[float]], x: int, y: int) -> bool:
    around = [grey for row in other[max(0, y - 1) : y + 2] for grey in row[max(0, x - 1) : x + 2]]
    return not min(around) - TOLERANCE <= blocks[y][x] <= max(around) + TOLERANCE


def groups(blocks: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the sizes of the groups of blocks that touch each other."""
    left = set(blocks)
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            x, y = waiting.pop()
            size += 1
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & left
            left -= near
            waiting += near
        yield size


def why_unlike(was: Picture, now: Picture) -> str:
    """Return what tells two pictures apart, or "" if they look alike."""
    if (was.width, was.height) != (now.width, now.height):
        return f"{now.width} × {now.height} instead of {was.width} × {was.height}"
    found = differing(was, now)
    largest = max(groups(found), default=0)
    allowed = SHARE * len(was.greys) / BLOCK**2
    if largest <= LARGEST and len(found) <= allowed:
        return ""
    x, y = found[0]
    return (
        f"{len(found)} blocks differ (at most {allowed:.0f}), {largest} of them together "
        f"(at most {LARGEST}); the first at {x * BLOCK * SMALLER}, {y * BLOCK * SMALLER}"
    )


def write(path: Path, picture: Picture) -> None:
    """Write a picture as PNG with 16 greys."""
    odd = picture.width % 2
    lines = []
    for start in range(0, len(picture.greys), picture.width):
        line = picture.greys[start : start + picture.width] + b"\0" * odd
        halves = zip(line[::2], line[1::2], strict=True)
        lines.append(b"\0" + bytes(high << 4 | low for high, low in halves))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 4, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    path.write_bytes(_SIGNATURE + b"".join(_part(name, data) for name, data in parts))


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def read(path: Path) -> Picture:
    """Read a picture that `write` wrote."""
    content = path.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    (size,) = struct.unpack(">I", content[33:37])
    packed = zlib.decompress(content[41 : 41 + size])
    line = 1 + (width + 1) // 2
    greys = bytearray()
    for start in range(0, line * height, line):
        row = packed[start + 1 : start + line]
        greys += bytes(half for byte in row for half in (byte >> 4, byte & 15))[:width]
    return Picture(width, height, bytes(greys))
