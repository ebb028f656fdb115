"""How long starts usually take, an environment: from the latest ones, in memory."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Final

LATEST: Final = 20


class ReadyTimes:
    """Keeps the latest starts of each environment, in seconds from asking to ready."""

    def __init__(self) -> None:
        self._latest: dict[str, deque[float]] = {}

    def load(self, starts: Iterable[tuple[str, float]]) -> None:
        """Take (environment, seconds) of former starts, oldest first."""
        for environment, seconds in starts:
            self.note(environment, seconds)

    def note(self, environment: str, seconds: float) -> None:
        """Note that a start took so long."""
        kept = self._latest.setdefault(environment, deque(maxlen=LATEST))
        kept.append(max(0.0, seconds))

    def usual(self, environment: str) -> int | None:
        """Return the usual time in whole seconds, at least 1; None before the first start."""
        kept = self._latest.get(environment)
        return max(1, math.ceil(median(kept))) if kept else None
