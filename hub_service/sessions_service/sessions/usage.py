"""What live sessions use now: in memory, told anew with each of their reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ..events.fanout import Fanout
from ..lifecycle.moments import to_iso

if TYPE_CHECKING:
    from .schemas import UsageLine

# Less than this is no news: lists that are looked at are made anew for what people can see.
LEAST_CPU: Final = 0.1
LEAST_MEMORY: Final = 16 * 2**20
LEAST_SHARE: Final = 0.05


class SessionUsage:
    """Only a session itself can measure it, on every kind of cluster alike.

    `owner_of` answers whose a running session is, None for one that does not run.
    """

    def __init__(self, fanout: Fanout, owner_of: Callable[[str], str | None]) -> None:
        self._fanout = fanout
        self._owner_of = owner_of
        self._used: dict[str, Mapping[str, Any]] = {}

    def take(self, session_id: str, line: UsageLine, at: datetime) -> None:
        """Take a live session's own word; one that does not run is not kept."""
        owner = self._owner_of(session_id)
        if owner is None:
            return
        cpu = None if line.cpu is None else round(line.cpu, 2)
        used = {"cpu": cpu, "memory": line.memory, "at": to_iso(at)}
        before = self._used.get(session_id)
        self._used[session_id] = used
        if is_news(before, used):
            self._fanout.count_change(owner)
        if before is None or before["cpu"] is None:
            # More of the same is seen with the next refresh; the first is told at once.
            self._fanout.session_changed(owner, session_id, 0)

    def of(self, session_id: str) -> Mapping[str, Any] | None:
        """Return `{cpu, memory, at}`; None for a session that has not said it."""
        return self._used.get(session_id)

    def forget(self, session_id: str) -> None:
        """Forget a session that has ended."""
        self._used.pop(session_id, None)


def is_news(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Tell whether a list that shows `before` has to be made anew to show `now`."""
    if before is None or (before["cpu"] is None) != (now["cpu"] is None):
        return True
    memory: int = abs(now["memory"] - before["memory"])
    cpu: float = abs((now["cpu"] or 0.0) - (before["cpu"] or 0.0))
    return cpu >= LEAST_CPU or memory >= max(LEAST_MEMORY, LEAST_SHARE * before["memory"])
