"""How often each visitor asks: a bucket each, which empties with requests and fills with time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from ..identity.visitor import Visitor
from .errors import TooMany

# A page that opens, or a hundred sessions stopped at once, is no misuse: so many seconds' worth
# of requests may come at a time.
BURST_SECONDS: Final = 10
_MOST_KEPT: Final = 10_000


class Rates:
    """Counts requests by visitor; `per_second` None counts nothing."""

    def __init__(
        self, per_second: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_second = per_second
        self._clock = clock
        # Visitor → when his bucket is full again; whoever is not there has a full one.
        self._full_at: dict[tuple[bool, str], float] = {}

    def take(self, visitor: Visitor) -> None:
        """Count a request. Raises `TooMany` with the seconds to wait."""
        if self.per_second is None:
            return
        key, now = (visitor.is_service, visitor.name), self._clock()
        full_at = max(self._full_at.pop(key, now), now) + 1 / self.per_second
        wait = full_at - now - BURST_SECONDS
        if wait > 1e-6:  # fractions of a second do not add up to the digit
            self._full_at[key] = full_at - 1 / self.per_second
            raise TooMany(
                f"You send more than {self.per_second} requests a second. Wait a moment.",
                retry_after=math.ceil(wait),
            )
        while len(self._full_at) >= _MOST_KEPT:
            del self._full_at[next(iter(self._full_at))]
        self._full_at[key] = full_at
