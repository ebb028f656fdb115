"""Run the reconciler: at start, every 30 s (a setting), and when the link comes up."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from sessions_spawner.wire.channel import LinkDown
from sessions_spawner.wire.messages import LiveServer

from .. import failpoints
from ..hub.adoption import adopt_run
from ..hub.client import HubAway
from ..hub.link import Live, NoSettingsYet
from ..lifecycle.actors import Part
from ..lifecycle.causes import Cause
from ..lifecycle.table import ENDED
from ..sessions import store
from ..sessions.ends import end_row
from ..sessions.models import Session
from .compare import Difference, Repair, brake, compare

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

WHOLE_SECONDS: Final = 600.0


class Reconciler:
    """Repairs what no report told; `seconds` is a clock that only goes forward."""

    def __init__(self, service: Service, seconds: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._seconds = seconds
        self._doubted: frozenset[str] = frozenset()
        self._turn = asyncio.Lock()
        self._whole_at = 0.0

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

    async def look(self, *, whole: bool = False) -> list[Difference]:
        """Compare once and repair; return the differences. Raises `LinkDown`, `HubAway`.

        Where both sides have the same running ones by a digest, only the others are looked at:
        nearly always. Each session is if `whole`, and every ten minutes.
        """
        async with self._turn:
            service = self._service
            found = None if whole or self._is_whole_due() else await self._compare_others()
            if found is None:
                rows = await service.db.read(store.live)
                failpoints.hit("reconcile.mid_list")
                found = self._compare(rows, await service.link.live())
            service.metrics.reconciled(len(found))
            allowed, self._doubted = brake(found, len(service.living), self._doubted)
            await self._repair_all(allowed)
            return found

    def _is_whole_due(self) -> bool:
        now = self._seconds()
        if now < self._whole_at:
            return False
        self._whole_at = now + WHOLE_SECONDS
        return True

    async def _compare_others(self) -> list[Difference] | None:
        """Compare what does not run; None if it is not agreed what runs."""
        living = self._service.living
        rows = await self._service.db.read(store.unsettled)
        failpoints.hit("reconcile.mid_list")
        # One whose stop was just committed is among those that run still, also for the hub.
        rows = [row for row in rows if not living.is_running(row)]
        live = await self._service.link.live(living.running)
        return self._compare(rows, live) if live.agrees else None

    def _compare(self, rows: Sequence[Session], live: Live) -> list[Difference]:
        return compare(
            rows,
            live.servers,
            now=self._service.now(),
            start_timeout=self._service.link.snapshot.start_timeout,
            reported=live.reported,
        )

    async def _repair_all(self, differences: Sequence[Difference]) -> None:
        """Repair one after the other; what fails for one is tried again and stops no other.

        Raises `HubAway` at the end if the hub was away for one of them.
        """
        away: HubAway | None = None
        for one in differences:
            try:
                await self._repair(one)
            except HubAway as error:
                away = error
            except LinkDown:
                raise
            except Exception:
                log.exception("reconcile.repair_failed what=%s session=%s", one.repair, _id_of(one))
        if away is not None:
            raise away

    async def _repair(self, one: Difference) -> None:
        service = self._service
        server = one.server.server if one.server else ""
        log.info("reconcile.repair what=%s session=%s server=%s", one.repair, _id_of(one), server)
        if one.repair is Repair.SETTLE_STRAY and one.server is not None:
            await self._settle_stray(one.server)
        elif one.row is None:
            return
        elif one.repair is Repair.ASK_AGAIN:
            service.queue.remind(one.row.id, one.row.owner)
        elif one.repair is Repair.MARK_READY:
            await service.mark_ready(one.row, service.now())
        elif one.repair is Repair.MARK_ENDED:
            await service.db.write(end_row, one.row.id, service.now())
        elif one.repair is Repair.MARK_TIMED_OUT:
            waited = int((service.now() - one.row.created_at).total_seconds())
            evidence = {"waited_seconds": waited, "stage": "asking the hub"}
            await service.end(
                one.row.id, Cause.START_TIMEOUT, actor=Part.RECONCILER, evidence=evidence
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
            actor=Part.RECONCILER,
            evidence={
                "seen": seen.isoformat(),
                "missed": self._service.now().isoformat(),
            },
        )

    async def _settle_stray(self, server: LiveServer) -> None:
        """Stop a server whose session has ended: a stop once accepted is never undone.

        One whose record is missing, or is older than the run, is a session like any other.
        """
        service = self._service
        if server.pending == "stop":
            return  # it ends already, and another may come in its place
        if not server.id:
            # Nobody knows what it was started with.
            await service.hub.stop(server.owner, server.server, remove=False)
            return
        row = await service.db.read(store.look_up, server.id)
        if row is not None and row.damage:
            return  # nobody knows what it says: it is let be
        if row is not None and row.state in ENDED:
            await service.hub.stop(server.owner, server.server, remove=False)
            return
        session = await adopt_run(service, server.id, server.generation)
        if session is not None and server.ready:
            await service.mark_ready(session, service.now())


def _id_of(one: Difference) -> str:
    if one.row is not None:
        return one.row.id
    return one.server.id if one.server is not None else ""
