"""The stages of a start, as both the hub's progress page and ours show them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

STAGES: Final[dict[str, tuple[int, str]]] = {
    "created": (5, "Accepted"),
    "preparing drive": (15, "Preparing the drive"),
    "starting": (30, "Starting"),
    "waiting for the server": (85, "Waiting for the server"),
    "ready": (100, "Ready"),
}
# What a start in a cluster does between `starting` and `waiting for the server`.
POD_STAGES: Final[dict[str, tuple[int, str]]] = {
    "finding a machine": (40, "Finding a machine"),
    "preparing the containers": (50, "Preparing the containers"),
    "fetching the image": (60, "Fetching the image"),
    "starting the server": (75, "Starting the server"),
}
ALL_STAGES: Final = {**STAGES, **POD_STAGES}


@dataclass
class Progress:
    """The stages of one start, in the order in which they were entered."""

    entered: list[tuple[str, datetime]] = field(default_factory=list)
    is_over: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def enter(self, name: str) -> None:
        """Note that a stage has begun."""
        self.entered.append((name, datetime.now(UTC)))
        self._wake()

    def end(self) -> None:
        """Note that nothing follows."""
        self.is_over = True
        self._wake()

    def is_before(self, name: str) -> bool:
        """Tell whether a stage is still to come."""
        return ALL_STAGES[self.last][0] < ALL_STAGES[name][0]

    @property
    def last(self) -> str:
        """The stage that the start has come to."""
        return self.entered[-1][0] if self.entered else "created"

    def to_json(self) -> tuple[dict[str, Any], ...]:
        """Return the stages with their times."""
        return tuple({"name": name, "at": at.isoformat()} for name, at in self.entered)

    async def follow(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the hub's progress events: what was, then what comes, until the start is over."""
        yield _make_event("created")  # before there was anything to tell
        seen = 0
        while True:
            changed = self._changed
            # More may be entered while the reader holds what was yielded.
            while seen < len(self.entered):
                name, _at = self.entered[seen]
                seen += 1
                yield _make_event(name)
            if self.is_over:
                return
            await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _make_event(name: str) -> dict[str, Any]:
    percent, message = ALL_STAGES[name]
    # 100 is the hub's own: it says so when the route is there.
    return {"progress": min(percent, 90), "message": message, "stage": name}
