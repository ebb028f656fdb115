"""Times in sentences: said in UTC, and given beside as data, so that a page shows its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload


def read_time(value: object) -> datetime | None:
    """Return a time that was kept as ISO 8601; None for anything else."""
    if isinstance(value, datetime):
        return value
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # Without a zone nobody can say which moment it is.
    return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None


def say_time(at: datetime, near: datetime | None = None) -> str:
    """Return a time as sentences have it, `14:32 UTC`; with its day unless that is `near`'s."""
    same_day = near is not None and at.astimezone(UTC).date() == near.astimezone(UTC).date()
    return at.astimezone(UTC).strftime("%H:%M UTC" if same_day else "%Y-%m-%d %H:%M UTC")


def life_end(ready_at: datetime | None, seconds: int | None) -> datetime | None:
    """Return when a longest life ends; None before the session is ready, or without a bound."""
    return None if ready_at is None or seconds is None else ready_at + timedelta(seconds=seconds)


@overload
def to_iso(at: datetime) -> str: ...
@overload
def to_iso(at: None) -> None: ...
@overload
def to_iso(at: datetime | None) -> str | None: ...
def to_iso(at: datetime | None) -> str | None:
    """Return a time in UTC as answers have it: ISO 8601 with milliseconds and `Z`."""
    if at is None:
        return None
    # A list has some hundred of them: cutting `+00:00` off is the fastest.
    return f"{at.isoformat(timespec='milliseconds')[:-6]}Z"


def time_to_json(text: str, at: datetime) -> dict[str, str]:
    """Return a time of a sentence as data: its text there, and the moment as ISO 8601."""
    return {"text": text, "at": to_iso(at.astimezone(UTC))}
