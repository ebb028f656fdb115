"""Answers that are kept for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A small cache whose entries are good for `seconds`; the oldest go first."""

    def __init__(
        self, seconds: float, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """Return the entry if it is still good."""
        found = self._entries.get(key)
        if found is None or self._clock() - found[0] > self._seconds:
            return None
        return found[1]

    def put(self, key: K, value: V) -> None:
        """Keep an entry."""
        self._entries.pop(key, None)
        while len(self._entries) >= self._most:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = (self._clock(), value)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
