"""The service: its parts put together, and what several of them need."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyterhub.services.auth import HubOAuth

from sessions_spawner.wire.channel import Answerer

from .. import failpoints
from ..clock.runner import IdleClock
from ..db.changes import Change
from ..db.work import Database, DatabaseBusy
from ..drives.sweep import DriveSweep
from ..ending import end_tasks
from ..environments.ready_times import ReadyTimes
from ..events.fanout import Fanout
from ..events.ids import EventIds
from ..hub.admission import Admission, Places
from ..hub.client import HubClient
from ..hub.hub_pages import LastSession, MakeDrive, Offer
from ..hub.link import NoSettingsYet
from ..hub.queue import PAUSE_SECONDS, HubQueue
from ..hub.ready_words import ReadyWords
from ..hub.reports import Reports
from ..idempotency import store as keys
from ..identity.hub_login import HubLogin
from ..identity.may import Action, may
from ..identity.visitor import Visitor
from ..lifecycle.causes import Cause
from ..lifecycle.move import move
from ..lifecycle.table import ENDED, LIVE, PENDING, Event, State
from ..logs.reading import Logs
from ..process.place import Place
from ..process.shutdown_note import ShutdownNote
from ..reconcile.door import DoctorDoor
from ..reconcile.runner import Reconciler
from ..sessions import store
from ..sessions.checks import offered_timeouts
from ..sessions.doors import SessionDoors
from ..sessions.ends import end_as, stop_row
from ..sessions.hub_work import HubWork
from ..sessions.living import Living
from ..sessions.memory_kills import MemoryKills
from ..sessions.models import Session
from ..sessions.overview import latest_starts
from ..sessions.present import Surroundings, present
from ..sessions.ready import ready_row
from ..sessions.starting import Starts
from ..sessions.tokens import SessionTokens
from ..sessions.usage import SessionUsage
from .metrics import Metrics
from .page import Pages
from .rates import Rates

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time; the one clock of the service."""
    return datetime.now(UTC)


class Service:
    """Everything that handlers and background work share; one a process."""

    def __init__(
        self,
        place: Place,
        db: Database,
        hub: HubClient,
        auth: HubOAuth,
        *,
        base_url: str,
        hub_base_url: str,
        secret: bytes,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.state = place.state
        self.now = now
        self.db = db
        self.hub = hub
        self.base_url = base_url
        self.hub_base_url = hub_base_url
        self.metrics = Metrics()
        self.rates = Rates()
        self.fanout = Fanout()
        self.event_ids = EventIds(secret)
        self.session_tokens = SessionTokens()
        self.queue = HubQueue(HubWork(self), pause=PAUSE_SECONDS)
        self.reports = Reports(self)
        answerers: dict[str, Answerer] = {
            "admit": Admission(self),
            "offer": Offer(self),
            "make_drive": MakeDrive(self),
            "last": LastSession(self),
            "places": Places(self),
            "reports": self.reports,
            "stage": self.reports.stage,
            "seen": self.reports.seen,
        }
        self.link = place.make_link(answerers)
        self.login = HubLogin(
            auth, "sessions", secret, self.session_tokens.session_of, self.link.members
        )
        self.clock = IdleClock(self)
        self.memory_kills = MemoryKills(self)
        self.reconciler = Reconciler(self)
        self._doctor_door = DoctorDoor(place.state, self.link)
        self.ready_words = ReadyWords()
        self.ready_times = ReadyTimes()
        self.logs = Logs(self)
        self.starts = Starts(self.fanout, self.ready_times)
        self.doors = SessionDoors(self.fanout, self.clock.owner_of)
        self.usage = SessionUsage(self.fanout, self.clock.owner_of)
        self._shutdown = ShutdownNote(place.state / "link" / "hub-stopping.json")
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed: set[str] = set()
        self._newest = 0
        self.living = Living()
        self._following: asyncio.Task[None] | None = None
        self.build = version("jupyterhub-sessions")
        self.openapi: dict[str, Any] = {}
        here = Path(__file__).parent
        self.pages = Pages(here / "templates", here / "static")

    # Start and end

    async def start(self) -> None:
        """Load what lives, listen to the hub process, begin the background work."""
        await self.db.write(keys.forget_unfinished)
        await self.db.write(keys.forget_expired, at=self.now())
        live = await self.db.read(store.live)
        self.session_tokens.load(live)
        self.ready_times.load(await self.db.read(latest_starts))
        for session in live:
            self.clock.follow(session)
            self.living.take(session)
        for session in await self.db.read(store.to_remove):
            self.queue.put(session.id, session.owner)
        self._newest = self.fanout.told = self.db.revision
        self.db.add_listener(self._take_changes)
        self.link.when_up.append(self._link_came_up)
        await self.link.listen()
        await self._doctor_door.open()
        for work in (self.clock.run(), self.reconciler.run(), DriveSweep(self).run()):
            self._tasks.add(asyncio.create_task(work))

    async def close(self) -> None:
        """End the background work; what runs at the hub goes on."""
        await end_tasks(self._tasks)
        await self.queue.close()
        self._doctor_door.close()
        await self.link.close()
        await self.db.close()

    async def readiness(self) -> dict[str, bool]:
        """Return part → whether it works: database, lease, hub, link."""
        try:
            await self.db.read(store.live, "nobody")
            database = True
        except DatabaseBusy:
            database = False
        return {
            "database": database,
            "lease": self.db.has_lease,
            "hub": await self.hub.is_there(),
            "link": self.link.is_ready,
        }

    def metrics_text(self) -> bytes:
        """Return the metrics, from memory alone."""
        for state in LIVE:
            self.metrics.live.labels(state=state).set(self.living.counts.get(state, 0))
        self.metrics.queue.set(len(self.queue))
        return self.metrics.to_text()

    async def note_hub_stopping(self) -> None:
        """Note which sessions were live when the hub was told to stop."""
        live = await self.db.read(store.live)
        self._shutdown.write((one.id, one.generation) for one in live)

    def hub_was_stopping(self, session_id: str, generation: int) -> bool:
        """Tell whether a run was live when the hub was told to stop."""
        return self._shutdown.has(session_id, generation)

    def hub_takes_nested_options(self) -> bool:
        """Tell whether this hub's line takes `{user_options, display_name}` (6.0 and later)."""
        return int(self.link.snapshot.hub_version.partition(".")[0] or 6) >= 6

    async def may(self, visitor: Visitor, action: Action, session: Session) -> bool:
        """Tell whether the visitor may do this to a session.

        Whoever bears the name of an owner that the hub has removed is another person (security
        decision 15); while the hub process is away, the name has to do.
        """
        if not may(visitor, action, session.owner):
            return False
        if visitor.reach("read:servers").everybody or not self.link.is_up:
            return True
        if visitor.name != session.owner:
            return self.is_same_person(visitor, session.owner, session.owner_key)
        owner = await self.link.owner(session.owner)
        return owner is not None and owner.key == session.owner_key

    def is_same_person(self, visitor: Visitor, owner: str, owner_key: str) -> bool:
        """Tell whether a record's owner is the member of the visitor's group, not a namesake."""
        reach = visitor.reach("read:servers")
        return owner in reach.users or owner_key in reach.members

    # Moves

    async def move(
        self, session_id: str, event: Event, *, actor: str, changes: Mapping[str, Any] | None = None
    ) -> Session:
        """Move a session in a transaction of its own."""
        return await self.db.write(
            move, session_id, event, at=self.now(), actor=actor, changes=changes
        )

    async def mark_ready(
        self,
        session: Session,
        at: datetime,
        stages: Sequence[Mapping[str, Any]] = (),
        seen: Mapping[str, Any] | None = None,
    ) -> None:
        """Move a session to running: the hub serves it since `at`; keep what was `seen`."""
        await self.db.write(
            ready_row, session.id, since=at, stages=stages, seen=seen, at=self.now()
        )
        seconds = (at - session.created_at).total_seconds()
        self.metrics.ready(session.environment, seconds)
        self.ready_times.note(session.environment, seconds)

    async def end(
        self, session_id: str, cause: Cause, *, actor: str, evidence: Mapping[str, Any]
    ) -> Session | None:
        """End a session with a cause in a transaction of its own."""
        return await self.db.write(
            end_as, session_id, cause, actor=actor, at=self.now(), evidence=evidence
        )

    async def stop(
        self,
        session_id: str,
        cause: Cause,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        reason: str | None = None,
    ) -> Session:
        """Stop a session in any live state; of an ended one nothing changes.

        The intent is stored first. A session that still waits in the queue ends without a call to
        the hub.
        """
        session = await self.db.write(
            stop_row,
            session_id,
            cause,
            actor=actor,
            on_behalf_of=on_behalf_of,
            reason=reason,
            at=self.now(),
        )
        failpoints.hit("stop.after_intent")
        if session.state is State.STOPPING:
            self.queue.put(session.id, session.owner)
        return session

    # What is shown

    def surroundings_of(self, session: Session) -> Surroundings:
        """Return what a session's JSON needs beside its row, from memory alone."""
        presets: tuple[int, ...] = ()
        try:
            snapshot = self.link.snapshot
        except NoSettingsYet:
            doors, environments = {}, None
        else:
            doors = snapshot.doors
            presets = offered_timeouts(snapshot) if session.cause is Cause.IDLE else ()
            is_known = snapshot.environments is not None
            environments = self.link.environment_names if is_known else None
        return Surroundings(
            base_url=self.hub_base_url.removesuffix("hub/"),
            doors=self.doors.of(session.id, doors),
            environments=environments,
            progress=self.starts.progress_of(session) if session.state in PENDING else None,
            idle=self.clock.state_of(session),
            idle_presets=presets,
            used=self.usage.of(session.id),
            seal=self.db.seal,
        )

    def present(self, session: Session, visitor: Visitor) -> dict[str, Any]:
        """Return a session's JSON for a visitor."""
        return present(session, visitor, self.surroundings_of(session))

    # What follows a commit

    def _take_changes(self, changes: Iterable[Change]) -> None:
        """Gather what commits changed; many commits in a burst are followed by one read."""
        for change in changes:
            self._changed.add(change.session_id)
            self.fanout.count_change(change.owner_key.rpartition("@")[0])
            self._newest = max(self._newest, change.revision)
        if self._following is None or self._following.done():
            self._following = asyncio.get_running_loop().create_task(self._follow_changes())

    async def _follow_changes(self) -> None:
        while self._changed:
            changed, self._changed = self._changed, set()
            newest = self._newest
            try:
                failpoints.hit("create.before_event")
                sessions = await self.db.read(store.get_many, changed)
            except Exception as error:
                log.warning("changes.wait error=%s", error)
                self._changed |= changed
                await asyncio.sleep(1)
                continue
            for session in sessions:
                try:
                    self._follow(session)
                except Exception:
                    log.exception("changes.failed session=%s", session.id)
            self.fanout.told = newest

    def _follow(self, session: Session) -> None:
        self.clock.follow(session)
        was_live = session.id in self.living
        self.living.take(session)
        if was_live is (session.state in ENDED):
            # Who mounts a drive changes with that.
            self.fanout.owner_changed(session.owner, "drive")
        if session.state in ENDED:
            if was_live:
                self._forget(session)
            if not session.hub_removed:
                self.queue.put(session.id, session.owner)
        self.fanout.session_changed(session.owner, session.id, session.revision)
        self.fanout.owner_changed(session.owner, "limits")

    def _forget(self, session: Session) -> None:
        self.metrics.ended(str(session.cause))
        self.session_tokens.drop(session.id)
        self.memory_kills.forget(session.id)
        self.starts.forget(session.id)
        self.doors.forget(session.id)
        self.usage.forget(session.id)

    async def _link_came_up(self) -> None:
        """The hub process is there (again): look at everything at once."""
        for _ in range(100):
            try:
                self.queue.resize(self.link.snapshot.hub_calls)
                self.rates.per_second = self.link.snapshot.requests_per_second
                break
            except NoSettingsYet:
                await asyncio.sleep(0.05)
        # What a killed hub left running has an end of its own one day.
        is_settled = self._shutdown.settle((await self.link.live()).servers)
        await self.reconciler.look(whole=True)
        while not is_settled:
            await asyncio.sleep(1)
            is_settled = self._shutdown.settle((await self.link.live()).servers)
