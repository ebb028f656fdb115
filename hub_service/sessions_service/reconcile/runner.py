"""Run the reconciler: at start, every 30 s (a setting), and when the link comes up."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from sessions_spawner.wire.channel import LinkDown
from sessions_spawner.wire.messages import LiveServer

from ..hub.client import HubAway
from ..hub.link import NoSettingsYet
from ..lifecycle.causes import Cause
from ..lifecycle.table import ENDED
from ..sessions import store
from ..sessions.ends import end_row
from ..sessions.models import Session
from .compare import Difference, Repair, brake, compare

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)


class Reconciler:
    """Repairs what no report told."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._doubted: frozenset[str] = frozenset()
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Look again and again, for as long as the service runs."""
        while True:
            try:
                await self.look()
                seconds = self._service.link.snapshot.reconcile_seconds
            except (LinkDown, HubAway, NoSettingsYet) as error:
                log.info("reconcile.waits reason=%s", error)
                seconds = 5
            except Exception:
                log.exception("reconcile.failed")
                seconds = 5
            await asyncio.sleep(seconds)

    async def look(self) -> list[Difference]:
        """Compare once and repair; return the differences. Raises `LinkDown`, `HubAway`."""
        async with self._turn:
            service = self._service
            rows = await service.db.read(store.live)
            servers = await service.link.live()
            found = compare(
                rows,
                servers,
                now=service.now(),
                start_timeout=service.link.snapshot.start_timeout,
            )
            allowed, self._doubted = brake(found, len(rows), self._doubted)
            for one in allowed:
                await self._repair(one)
            service.metrics.reconciled(len(found))
            return found

    async def _repair(self, one: Difference) -> None:
        service = self._service
        log.info(
            "reconcile.repair what=%s session=%s server=%s",
            one.repair,
            one.row.id if one.row else "",
            one.server.server if one.server else "",
        )
        if one.repair is Repair.STOP_STRAY and one.server is not None:
            await self._stop_stray(one.server)
        elif one.row is None:
            return
        elif one.repair is Repair.ASK_AGAIN:
            service.queue.put(one.row.id, one.row.owner)
        elif one.repair is Repair.MARK_READY:
            await service.mark_ready(one.row, service.now())
        elif one.repair is Repair.MARK_ENDED:
            await service.db.write(end_row, one.row.id, service.now())
        elif one.repair is Repair.MARK_TIMED_OUT:
            waited = int((service.now() - one.row.created_at).total_seconds())
            evidence = {"waited_seconds": waited, "stage": "asking the hub"}
            await service.end(
                one.row.id, Cause.START_TIMEOUT, actor="reconciler", evidence=evidence
            )
        elif one.repair is Repair.MARK_LOST:
            await self._mark_lost(one.row)

    async def _mark_lost(self, row: Session) -> None:
        if await self._service.hub.find(row.owner, row.server) is not None:
            return  # the hub knows better than what its process told a moment ago
        stopped = self._service.hub_was_stopping(row.id, row.generation)
        seen = row.last_used_at or row.ready_at or row.started_at or row.created_at
        await self._service.end(
            row.id,
            Cause.SHUTDOWN if stopped else Cause.LOST,
            actor="reconciler",
            evidence={
                "seen": seen.strftime("%H:%M"),
                "missed": self._service.now().strftime("%H:%M"),
            },
        )

    async def _stop_stray(self, server: LiveServer) -> None:
        """Stop a server whose session has ended: a stop once accepted is never undone."""
        row = await self._service.db.read(store.get, server.id)
        if row is not None and row.generation == server.generation and row.state in ENDED:
            await self._service.hub.stop(server.owner, server.server, remove=False)
