"""What a session's row asks of the hub: start it, stop it, remove what is over."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from .. import failpoints
from ..db.engine import Db
from ..db.seal import CannotOpen
from ..hub.client import HubAway, HubRefused
from ..hub.queue import TryAgain
from ..lifecycle.actors import Part
from ..lifecycle.causes import Cause
from ..lifecycle.table import ENDED, Event, State
from . import store
from .ends import end_row
from .sealed import VALUES_LOST, open_request

if TYPE_CHECKING:
    from ..web.application import Service
    from .models import Session

log = logging.getLogger(__name__)


def end_removed(db: Db, session_id: str, at: datetime) -> None:
    """End a session whose server the hub has removed."""
    end_row(db, session_id, at)
    store.note_removed(db, session_id)


class HubWork:
    """Does for one session what its row wants now; called by the queue, one session at a time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        # Sessions whose stop the hub has heard of and not finished.
        self._asked: set[str] = set()

    async def __call__(self, session_id: str) -> None:
        """Do the next thing. Raises `TryAgain` when the hub is away."""
        session = await self._service.db.read(store.get, session_id)
        if session is None:
            return
        try:
            if session.state is State.CREATED or (
                session.state is State.STARTING and session.wanted == "run"
            ):
                await self._start(session)
            elif session.state is State.STOPPING:
                await self._stop(session)
            elif session.state in ENDED and not session.hub_removed:
                await self._remove(session)
        except HubAway as away:
            raise TryAgain(str(away)) from None

    async def _start(self, session: Session) -> None:
        service = self._service
        if session.state is State.CREATED:
            session = await service.move(session.id, Event.ASKED, actor=Part.SERVICE)
        try:
            request = open_request(session.request, service.db.seal)
        except CannotOpen:
            lost = {"detail": VALUES_LOST}
            await service.end(session.id, Cause.REFUSED, actor=Part.SERVICE, evidence=lost)
            return
        try:
            with service.ready_words.asking(session.id) as word:
                word.is_ready = await service.hub.start(
                    session.owner,
                    session.server,
                    request,
                    session.name,
                    nested=service.hub_takes_nested_options(),
                )
        except HubRefused as refusal:
            await self._refused(session, refusal)
        failpoints.hit("create.after_hub_call")

    async def _refused(self, session: Session, refusal: HubRefused) -> None:
        """A refusal before admission ends the session; after it, the spawner's report does."""
        now = await self._service.db.read(store.get, session.id)
        if now is None or now.state is not State.STARTING:
            return
        if await self._service.hub.find(session.owner, session.server) is not None:
            # An earlier call got through, though its answer did not: the reports tell the rest.
            raise TryAgain(f"the hub is at it already: {refusal.message}")
        log.info("start.refused session=%s status=%d", session.id, refusal.status)
        await self._service.end(
            session.id, Cause.REFUSED, actor=Part.HUB, evidence={"detail": refusal.message}
        )

    async def _stop(self, session: Session) -> None:
        try:
            is_gone = await self._is_gone(session)
        except HubRefused as refusal:
            raise TryAgain(f"the hub does not stop it: {refusal.message}") from None
        failpoints.hit("stop.after_hub_call")
        if not is_gone:
            raise TryAgain("the hub is stopping it")
        self._asked.discard(session.id)
        await self._service.db.write(end_removed, session.id, self._service.now())

    async def _is_gone(self, session: Session) -> bool:
        """Ask for the stop; once the hub is at it, only look."""
        hub = self._service.hub
        if session.id in self._asked:
            server = await hub.find(session.owner, session.server)
            if server is not None and server.pending == "stop":
                return False
        self._asked.add(session.id)
        is_own = session.server == session.id
        return await hub.stop(session.owner, session.server, remove=is_own)

    async def _remove(self, session: Session) -> None:
        """Remove the hub's stopped server of a session that had one of its own."""
        service = self._service
        if session.server == session.id:
            try:
                await service.hub.stop(session.owner, session.server, remove=True)
            except HubRefused as refusal:
                log.warning("remove.refused session=%s status=%d", session.id, refusal.status)
        await service.db.write(store.note_removed, session.id)
