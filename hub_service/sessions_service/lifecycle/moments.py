"""Times in sentences: said in UTC, and given beside as data, so that a page shows its own zone."""

from __future__ import annotations

from datetime import UTC, datetime


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


def time_to_json(text: str, at: datetime) -> dict[str, str]:
    """Return a time of a sentence as data: its text there, and the moment as ISO 8601."""
    iso = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"text": text, "at": iso}
