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
# While the hub process is away, as it is for a moment at every start.
AGAIN_SECONDS: Final = 10


class DriveSweep:
    """Has the hub's side remove the files, then forgets the drive; a batch at a time."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def run(self) -> None:
        """Sweep again and again, for as long as the service runs."""
        while True:
            pause = EVERY_SECONDS
            try:
                await self.sweep()
            except (LinkDown, NoSettingsYet) as error:
                log.info("drives.sweep_waits reason=%s", error)
                pause = AGAIN_SECONDS
            except Exception:
                log.exception("drives.sweep_failed")
            await asyncio.sleep(pause)

    async def sweep(self) -> None:
        """Remove what is past restoring. Raises `LinkDown`, `NoSettingsYet`."""
        service = self._service
        past = await service.db.read(
            store.past_restoring,
            at=service.now(),
            grace_seconds=service.link.snapshot.drive_grace_seconds,
        )
        for drive in past:
            try:
                await service.link.remove_drive(drive.id, drive.place)
            except Refused as refusal:
                # Of one drive; the others need not wait for it.
                log.warning("drive.not_removed drive=%s reason=%s", drive.id, refusal)
                continue
            await service.db.write(store.forget, drive.id)
            log.info("drive.removed drive=%s", drive.id)
