"""When the clock looks at each session next: a heap with one time a session that counts."""

from __future__ import annotations

import heapq
from datetime import datetime


class DueTimes:
    """One time a session that counts, the earliest that was asked for.

    A time that moved on is found when it comes: whoever looks then puts in the next one.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._next: dict[str, datetime] = {}

    def __len__(self) -> int:
        """How many entries are held, those that do not count any more among them."""
        return len(self._heap)

    @property
    def first(self) -> datetime | None:
        """The earliest time, None without one."""
        while self._heap and not self._counts(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def put(self, session_id: str, at: datetime) -> bool:
        """Have a session looked at then; tell whether that is earlier than before."""
        known = self._next.get(session_id)
        if known is not None and known <= at:
            return False
        self._next[session_id] = at
        heapq.heappush(self._heap, (at, session_id))
        return True

    def drop(self, session_id: str) -> None:
        """Have a session not looked at any more."""
        self._next.pop(session_id, None)

    def take(self, now: datetime) -> list[str]:
        """Return the sessions whose time has come, each once, and forget their times."""
        found: list[str] = []
        while (first := self.first) is not None and first <= now:
            session_id = heapq.heappop(self._heap)[1]
            del self._next[session_id]
            found.append(session_id)
        return found

    def _counts(self, entry: tuple[datetime, str]) -> bool:
        return self._next.get(entry[1]) == entry[0]
