"""Remove the files of drives whose grace after a deletion is over."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from sessions_spawner.wire.channel import LinkDown, Refused

from ..hub.link import NoSettingsYet
from . import store

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 600


class DriveSweep:
    """Has the hub's side remove the files, then forgets the drive; a batch at a time."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def run(self) -> None:
        """Sweep again and again, for as long as the service runs."""
        while True:
            try:
                await self.sweep()
            except (LinkDown, NoSettingsYet, Refused) as error:
                log.info("drives.sweep_waits reason=%s", error)
            except Exception:
                log.exception("drives.sweep_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self) -> None:
        """Remove what is past restoring. Raises `LinkDown`, `NoSettingsYet`, `Refused`."""
        service = self._service
        past = await service.db.read(
            store.past_restoring,
            at=service.now(),
            grace_seconds=service.link.snapshot.drive_grace_seconds,
        )
        for drive in past:
            await service.link.remove_drive(drive.id)
            await service.db.write(store.forget, drive.id)
            log.info("drive.removed drive=%s", drive.id)
