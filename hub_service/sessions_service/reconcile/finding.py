"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree, by the number of the invariant (reliability 5.1)."""

    invariant: str
    sentence: str
