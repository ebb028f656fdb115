"""The drives of a start: each found or made, and the service told where it lies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from ..wire.channel import Body
from ..wire.messages import DriveRecord, PlacedDrive
from .drives import DriveOwner, Drives

Ask = Callable[[str, Body], Awaitable[Body]]


class PlaceChanged(Exception):
    """The service keeps another place for a drive than the one that was found."""


async def place_drives(
    drives: Drives, records: Iterable[DriveRecord], owner: DriveOwner, ask: Ask
) -> dict[str, PlacedDrive]:
    """Return drive → where it lies, all found or made at the same time.

    `ask` asks the service, which keeps what it did not know. Raises what `Drives.ensure` raises,
    `LinkDown`, `Refused`, and `PlaceChanged` if somebody else placed one of them meanwhile.
    """
    known = {one.id: one for one in records}
    found = await asyncio.gather(*(drives.ensure(one, owner) for one in known.values()))
    placed = dict(zip(known, found, strict=True))
    fresh = {drive: one for drive, one in placed.items() if known[drive].place is None}
    if fresh:
        told = {drive: one.model_dump(mode="json") for drive, one in fresh.items()}
        kept: Mapping[str, str] = dict((await ask("places", {"drives": told}))["places"])
        for drive, one in fresh.items():
            if kept.get(drive, one.place) != one.place:
                raise PlaceChanged("it was moved while the session started; start it again")
    return placed
