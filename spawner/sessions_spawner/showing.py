"""What the hub process shows of a session beside its stages: what is seen of it, and its log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .run import Run
from .wire.channel import Refused
from .wire.messages import LogLines, LogQuestion


class Shows:
    """The part of a spawner that shows; what cannot be shown is not there."""

    def seen(self) -> Mapping[str, Any]:
        """Return what reports tell of the run beside its stages: `containers` and `events`."""
        return {}

    async def read_log(self, run: Run, question: LogQuestion) -> LogLines:
        """Return lines of a run's log as they are there. Raises `Refused`."""
        raise Refused("missing", f"There is no log of {run.key}, asked as {question.container}.")
