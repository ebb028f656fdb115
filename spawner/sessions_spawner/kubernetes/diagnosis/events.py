"""Events of a pod and its claims: read from both of the API's forms, in order, and as lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from .reading import Json, read_map, read_number, read_text, read_time
from .words import LINE_LENGTH, clean

MOST_LINES: Final = 20
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
# Where the two forms of an event, and the ways to count in each, keep the same thing.
_ABOUT: Final = ("involvedObject", "regarding")
_COUNTS: Final = (("series", "count"), ("count",), ("deprecatedCount",))
_TIMES: Final = (
    ("series", "lastObservedTime"),
    ("lastTimestamp",),
    ("deprecatedLastTimestamp",),
    ("eventTime",),
    ("firstTimestamp",),
    ("metadata", "creationTimestamp"),
)


@dataclass(frozen=True)
class Event:
    """One event: `container` is the one it is about, `about` the name of the object."""

    reason: str
    message: str
    is_warning: bool
    count: int
    at: datetime
    about: str
    container: str

    @property
    def is_dated(self) -> bool:
        """Tell whether it says when it was."""
        return self.at != _EARLIEST

    @property
    def line(self) -> str:
        """The event as people read it among the evidence."""
        time = "" if not self.is_dated else f"{self.at:%Y-%m-%d %H:%M:%S} UTC "
        times = f" (x{self.count})" if self.count > 1 else ""
        return clean(f"{time}{self.reason}{times}: {self.message}", LINE_LENGTH)


def read_events(events: Iterable[Json], owners: Iterable[Json]) -> tuple[Event, ...]:
    """Return events in the order of time, equal ones as one; those of other objects are left out.

    `owners` are the objects that the events should be about: an earlier object of the same name
    has events too, which only its uid tells apart.
    """
    ids = {read_text(one, "metadata", "name"): read_text(one, "metadata", "uid") for one in owners}
    found: dict[tuple[str, str, str], Event] = {}
    for given in events:
        about = next((read_map(given, key) for key in _ABOUT if read_map(given, key)), {})
        if _is_of(about, ids):
            event = _read_one(given, about)
            key = (event.reason, event.message, event.about)
            found[key] = _join(found.get(key), event)
    return tuple(sorted(found.values(), key=lambda event: event.at))


def _is_of(about: Json, ids: dict[str, str]) -> bool:
    uid, wanted = read_text(about, "uid"), ids.get(read_text(about, "name"), "")
    return not uid or not wanted or uid == wanted


def _read_one(given: Json, about: Json) -> Event:
    counts = (read_number(given, *path) for path in _COUNTS)
    times = (read_time(given, *path) for path in _TIMES)
    # spec.containers{notebook}
    container = read_text(about, "fieldPath").partition("{")[2].rstrip("}")
    return Event(
        reason=read_text(given, "reason"),
        message=read_text(given, "message") or read_text(given, "note"),
        is_warning=read_text(given, "type") == "Warning",
        count=max(1, next((count for count in counts if count), 1)),
        at=next((at for at in times if at), _EARLIEST),
        about=read_text(about, "name"),
        container=container,
    )


def _join(before: Event | None, event: Event) -> Event:
    if before is None:
        return event
    return replace(event, count=before.count + event.count, at=max(before.at, event.at))


def make_lines(events: Iterable[Event]) -> tuple[str, ...]:
    """Return the newest events as lines, oldest first; warnings stay when there are too many."""
    ordered = sorted(events, key=lambda event: event.at)
    kept = sorted(range(len(ordered)), key=lambda n: (ordered[n].is_warning, n))[-MOST_LINES:]
    return tuple(ordered[n].line for n in sorted(kept))
