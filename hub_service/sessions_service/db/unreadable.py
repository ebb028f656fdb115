"""Values that cannot be read: they come out of the database marked, and stop no other row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final


class UnreadableTime(datetime):
    """A kept time that is none; it is ordered as the database orders what is kept."""


class UnreadableJson:
    """Kept JSON that is none."""


# Before and after every time that a session can have.
EARLY: Final = UnreadableTime(1970, 1, 1, tzinfo=UTC)
LATE: Final = UnreadableTime(9999, 12, 30, tzinfo=UTC)
NO_JSON: Final = UnreadableJson()


def read_time(kept: object) -> datetime | None:
    """Return a time that SQLite keeps as text; what is no time comes out as `UnreadableTime`."""
    if kept is None:
        return None
    try:
        # A twelfth of the time that `replace(tzinfo=UTC)` takes: a page of a list has hundreds.
        return datetime.fromisoformat(kept + "Z")  # type: ignore[operator]
    except (ValueError, TypeError):
        # SQLite orders numbers before texts, and texts by their characters.
        return LATE if isinstance(kept, str | bytes) and str(kept) > "1970" else EARLY
