"""Names for sessions that were given none: two plain words and a number."""

from __future__ import annotations

import secrets
from typing import Final

_FIRST: Final = (
    "amber", "brave", "bright", "calm", "clear", "coral", "crisp", "early", "fresh", "gentle",
    "golden", "green", "happy", "keen", "light", "lucky", "merry", "misty", "noble", "quick",
    "quiet", "rapid", "royal", "sharp", "silver", "smart", "solid", "sunny", "swift", "warm",
)  # fmt: skip
_SECOND: Final = (
    "acorn", "arrow", "aspen", "badger", "beacon", "birch", "brook", "cedar", "comet", "crane",
    "delta", "falcon", "fern", "field", "finch", "forge", "grove", "harbor", "heron", "lake",
    "lark", "maple", "meadow", "otter", "pine", "raven", "ridge", "river", "robin", "willow",
)  # fmt: skip


def invent_name() -> str:
    """Return a name such as `calm-heron-42`; names need not be unique, ids are."""
    chance, number = divmod(secrets.randbelow(len(_FIRST) * len(_SECOND) * 90), 90)
    first, second = divmod(chance, len(_SECOND))
    return f"{_FIRST[first]}-{_SECOND[second]}-{number + 10}"
