"""What the Sessions service answers a report: its word on the idle clock, and when it said so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The idle clock, None if the answer held none; `at` is the service's own time."""

    idle: dict[str, Any] | None
    at: datetime

    def seconds_left(self) -> float | None:
        """Return how long after this answer the session would end; None if it would not."""
        ends_at = (self.idle or {}).get("ends_at")
        if not isinstance(ends_at, str):
            return None
        try:
            return (datetime.fromisoformat(ends_at) - self.at).total_seconds()
        except (TypeError, ValueError):
            return None


def read_answer(body: bytes, headers: Mapping[str, str]) -> Answer:
    """Read an answer's body and headers.

    Raises:
        ValueError: when the body is not JSON.
    """
    answer = json.loads(body)
    idle = answer.get("idle") if isinstance(answer, dict) else None
    return Answer(idle if isinstance(idle, dict) else None, _sent_at(headers))


def _sent_at(headers: Mapping[str, str]) -> datetime:
    """Return when an answer was sent, by its sender's time: this machine's may differ."""
    try:
        return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)
