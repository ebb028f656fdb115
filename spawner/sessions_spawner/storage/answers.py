"""What the hub's process answers the service about the storage of drives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from ..wire.channel import Answerer, Body, Refused
from ..wire.messages import Owner
from .drives import DriveAway, DriveOwner, DriveRefused, Drives, IsDrive

log = logging.getLogger("jupyterhub.sessions")


class DriveAnswers:
    """Answers of the link; `drives` gives the storage by the settings as they are now."""

    def __init__(self, drives: Callable[[], Drives]) -> None:
        self._drives = drives

    @property
    def answerers(self) -> Mapping[str, Answerer]:
        """What the service may ask."""
        return {
            "drives": self.describe,
            "grow-drive": self.grow,
            "adopt-drive": self.adopt,
            "remove-drive": self.remove,
        }

    async def describe(self, body: Body) -> Body:
        """Answer the figures of drives, whose places the question names by their ids."""
        places = {str(drive): str(place) for drive, place in dict(body["places"]).items()}
        try:
            found = await self._drives().describe(places)
        except (DriveAway, OSError) as error:
            raise Refused("drive", f"Drives cannot be looked at: {error}") from None
        return {"drives": {drive: one.model_dump(mode="json") for drive, one in found.items()}}

    async def grow(self, body: Body) -> Body:
        """Have a drive become larger."""
        drive, place, size = (str(body[name]) for name in ("drive", "place", "size"))
        try:
            await self._drives().grow(drive, place, size)
        except (DriveRefused, ValueError) as error:
            raise Refused("cannot", str(error)) from None
        except (DriveAway, OSError) as error:
            raise Refused("drive", f"The drive cannot grow now: {error}") from None
        return {}

    async def adopt(self, body: Body) -> Body:
        """Make storage that is there already a drive's."""
        owner = Owner(**body["owner"])
        drive, place = str(body["drive"]), str(body["place"])
        whose = DriveOwner(owner.name, owner.created)
        try:
            placed = await self._drives().adopt(drive, place, whose)
        except IsDrive as known:
            raise Refused("is-drive", str(known)) from None
        except (DriveRefused, ValueError) as error:
            raise Refused("cannot", str(error)) from None
        except (DriveAway, OSError) as error:
            raise Refused("drive", f"It cannot be adopted now: {error}") from None
        log.info("drive.adopted drive=%s owner=%s place=%s", drive, owner.name, place)
        return placed.model_dump(mode="json")

    async def remove(self, body: Body) -> Body:
        """Remove the files of a deleted drive."""
        place = body.get("place")
        try:
            await self._drives().remove(str(body["drive"]), None if place is None else str(place))
        except (DriveRefused, DriveAway, OSError, ValueError) as error:
            raise Refused("drive", f"The drive's files cannot be removed: {error}") from None
        return {}
