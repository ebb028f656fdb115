"""Reports of the spawner: hints that count when the hub agrees."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from sessions_spawner.wire.channel import Body, Refused
from sessions_spawner.wire.messages import Report, Seen, Stage

from ..db.work import DatabaseBusy
from ..lifecycle.table import ENDED, PENDING, State
from ..sessions import store
from ..sessions.ends import complete_end, end_by_report, missing_of_end
from ..sessions.models import Session
from ..sessions.starting import seen_in
from ..sessions.troubles import note_trouble
from .client import HubAway, HubRefused, HubServer

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

# How long the hub is given to finish what it is doing, in growing steps: about 2 s.
_LOOKS_SECONDS: Final = (0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.3, 0.5, 0.5)


class NotAskedYet(Exception):
    """The hub could not be asked, or has not finished: the report has to be sent again."""


class Reports:
    """Answers `reports`, `stage` and `seen` of the link.

    `ends` are the reported ends that the hub is being asked about, by run.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self.ends: dict[tuple[str, int], Report] = {}

    async def __call__(self, body: Body) -> Body:
        """Take a batch of reports, those of one session in order; the answer confirms them all.

        Raises `Refused` when one of them has to come again: the hub process keeps them then.
        """
        of_session: dict[str, list[Report]] = {}
        for raw in body["reports"]:
            try:
                report = Report(**raw)
            except ValidationError as error:
                log.warning("report.unreadable errors=%d", error.error_count())
                continue
            of_session.setdefault(report.id, []).append(report)
        taken = await asyncio.gather(*map(self._take_all, of_session.values()))
        if waiting := [reason for reason in taken if reason]:
            raise Refused("wait", f"{len(waiting)} of {len(taken)} wait: {waiting[0]}")
        return {}

    async def _take_all(self, reports: list[Report]) -> str:
        """Take one session's reports; return why the rest has to wait, empty for nothing."""
        for report in reports:
            try:
                await self._take(report)
            except (NotAskedYet, DatabaseBusy) as reason:
                return str(reason) or type(reason).__name__
            except Exception:
                log.exception("report.failed session=%s kind=%s", report.id, report.kind)
        return ""

    async def stage(self, body: Body) -> Body:
        """Note how far a start has come: shown at once, kept with the next move."""
        stage = Stage(**body)
        self._service.starts.note(stage)
        return {}

    async def seen(self, body: Body) -> Body:
        """Note what is seen of a start: shown at once, kept with the next move."""
        self._service.starts.see(Seen(**body))
        return {}

    async def _take(self, report: Report) -> None:
        session = await self._service.db.read(store.get, report.id)
        if session is None or session.generation != report.generation:
            log.info("report.late session=%s generation=%d", report.id, report.generation)
            return
        if report.kind == "ready":
            await self._ready(session, report)
        elif report.kind == "noticed":
            await self._service.db.write(note_trouble, report, at=self._service.now())
        elif session.state not in ENDED:
            await self._ended(session, report)
        elif missing_of_end(session, report):
            await self._service.db.write(complete_end, report, at=self._service.now())

    async def _ready(self, session: Session, report: Report) -> None:
        if session.state not in PENDING:
            return
        is_agreed = report.agreed or await self._service.ready_words.hub_said_ready(session.id)
        if not is_agreed and not await self._hub_has(session, ready=True):
            log.warning("report.doubted session=%s kind=ready", session.id)
            return
        await self._service.mark_ready(session, report.at, report.stages, seen_in(report))

    async def _ended(self, session: Session, report: Report) -> None:
        run = (session.id, session.generation)
        self.ends[run] = report
        try:
            # Of a session that we had stopped nobody needs to be asked; a stray would be stopped
            # again.
            is_wanted = session.state is State.STOPPING
            if not is_wanted and not await self._hub_has(session, ready=False):
                log.warning("report.doubted session=%s kind=ended", session.id)
                return
            await self._service.db.write(
                end_by_report,
                report,
                hub_stopped=self._service.hub_was_stopping(*run),
                at=self._service.now(),
            )
        finally:
            self.ends.pop(run, None)

    async def _hub_has(self, session: Session, *, ready: bool) -> bool:
        """Tell whether the hub agrees; it may need a moment to finish what it was doing.

        Raises `NotAskedYet` when it does not answer, or needs longer.
        """
        for seconds in (*_LOOKS_SECONDS, 0):
            try:
                server = await self._service.hub.find(session.owner, session.server)
            except (HubAway, HubRefused) as away:
                raise NotAskedYet(str(away)) from None
            if _agrees(server, ready=ready):
                return True
            if server is None or not server.pending:
                return False
            await asyncio.sleep(seconds)
        raise NotAskedYet("The hub is still busy with the server.")


def _agrees(server: HubServer | None, *, ready: bool) -> bool:
    if ready:
        return server is not None and server.is_ready
    return server is None
