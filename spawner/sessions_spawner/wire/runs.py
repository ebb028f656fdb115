"""A digest of runs: from it both ends of the link see whether they know of the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_MODULUS: Final = 1 << 64


class RunDigest:
    """How many runs there are, and the sum of their hashes: each change costs the same."""

    def __init__(self, runs: Iterable[tuple[str, int]] = ()) -> None:
        self._count = self._sum = 0
        for run in runs:
            self.add(*run)

    def add(self, session_id: str, generation: int) -> None:
        """Take a run in that is not there."""
        self._count += 1
        self._sum = (self._sum + _hash_of(session_id, generation)) % _MODULUS

    def remove(self, session_id: str, generation: int) -> None:
        """Leave a run out that is there."""
        self._count -= 1
        self._sum = (self._sum - _hash_of(session_id, generation)) % _MODULUS

    def __str__(self) -> str:
        return f"{self._count}-{self._sum:016x}"


# The hub process adds up all its runs at each look.
@lru_cache(maxsize=1 << 15)
def _hash_of(session_id: str, generation: int) -> int:
    text = f"{session_id}:{generation}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
