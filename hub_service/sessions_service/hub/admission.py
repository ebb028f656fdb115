"""Admission: every start, by whichever door, is answered here before its first effect."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sessions_spawner.request import LaunchRequest, lift_stored
from sessions_spawner.request.ids import is_session_id
from sessions_spawner.wire.channel import Body, Refused
from sessions_spawner.wire.messages import Admit, Admitted, PlacedDrive, Report
from sessions_spawner.wire.snapshot import Snapshot

from ..db.engine import Db
from ..drives import store as drives
from ..drives.models import Drive, HeldByOne
from ..lifecycle.actors import Part
from ..lifecycle.causes import Cause
from ..lifecycle.move import move
from ..lifecycle.table import Event, State
from ..sessions import store
from ..sessions.checks import drives_named, email_of, environment_in
from ..sessions.drafting import draft, with_drives
from ..sessions.ends import end_as, end_by_report
from ..sessions.models import NewSession, Session
from ..sessions.names import invent_name

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

_WAITING = (State.CREATED, State.STARTING)


class Admission:
    """Answers `admit` of the link."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, body: Body) -> Body:
        """Match the row that waits, or make one with origin `hub`. Raises `Refused`."""
        try:
            question = Admit(**body)
        except ValidationError as error:
            raise Refused("version", f"The hub's question cannot be read: {error}") from None
        snapshot = self._service.link.snapshot
        if question.settings_digest != self._service.link.settings_digest:
            raise Refused("settings", "The settings have changed; send them first.")
        now = self._service.now()
        service = self._service
        try:
            session, mounted = await service.db.write(
                admit, question, snapshot, now, service.reports.ends, service.hub_was_stopping
            )
        except Refused as refusal:
            service.metrics.created(refusal.code)
            raise
        if session.origin == "hub" and session.generation == 1:
            service.metrics.created("accepted")  # others were counted when they were asked for
        service.session_tokens.add(question.token_sha256, session.id)
        admitted = Admitted(
            id=session.id,
            generation=session.generation,
            name=session.name,
            drives={reference: drive.id for reference, drive in mounted.items()},
            records={drive.id: drive.to_record() for drive in mounted.values()},
        )
        return admitted.model_dump(mode="json")


def admit(
    db: Db,
    question: Admit,
    snapshot: Snapshot,
    now: datetime,
    ends: Mapping[tuple[str, int], Report],
    hub_was_stopping: Callable[[str, int], bool],
) -> tuple[Session, Mapping[str, Drive]]:
    """Admit a start in one transaction; returns the session and its drives by reference.

    `ends` are reported ends that the hub is being asked about. Raises `Refused` with what to
    change.
    """
    request = lift_stored(question.request)
    mounted = _use_drives(db, question, request, now)
    drive_ids = {reference: drive.id for reference, drive in mounted.items()}
    found = store.find_live(db, question.owner.key, question.server)
    if found is not None and _is_over(found, question):
        # The hub starts anew what we hold for running: that run is gone.
        run = (found.id, found.generation)
        _end_former(db, found, ends.get(run), hub_was_stopping(*run), now)
        found = None
    if found is None:
        new = _draft(question, request, snapshot)
        placed = with_drives(new, request, drive_ids, mounted[request.drive].name)
        session = _make_row(db, placed, question, snapshot, now)
    else:
        session = _match(db, found, question, now)
    try:
        drives.require_free_of_others(db, mounted.values(), session.id)
    except HeldByOne as held:
        raise Refused("in-use", str(held)) from None
    return session, mounted


def _is_over(found: Session, question: Admit) -> bool:
    is_same = found.token_sha256 == question.token_sha256
    return not is_same and found.state in (State.PROVISIONING, State.RUNNING)


def _end_former(
    db: Db, found: Session, report: Report | None, hub_stopped: bool, now: datetime
) -> None:
    """End a run as its report says, or without one as lost: nobody told us."""
    if report is not None:
        end_by_report(db, report, hub_stopped=hub_stopped, at=now)
        return
    cause = Cause.SHUTDOWN if hub_stopped else Cause.LOST
    end_as(db, found.id, cause, actor=Part.SERVICE, at=now, evidence={})


def _match(db: Db, found: Session, question: Admit, now: datetime) -> Session:
    if found.state in _WAITING:
        if found.request_digest != question.request_digest:
            raise Refused("changed", "The request was changed on its way; start it again.")
        return _move_on(db, found, question, now)
    if found.token_sha256 == question.token_sha256:
        return found  # asked again after the link went down: the same answer
    raise Refused("state", "This session is being stopped. Wait until it is.")


def _draft(question: Admit, request: LaunchRequest, snapshot: Snapshot) -> NewSession:
    return draft(
        request,
        question.owner,
        environment_in(snapshot, request.environment),
        lifetime_max=snapshot.lifetime_max,
        email=email_of(question.owner.name, snapshot.email_suffix),
        server=question.server,
        name=request.name or question.server or invent_name(),
        request=question.request,
        request_digest=question.request_digest,
        environment_title=question.environment_title,
        origin="hub",
    )


def _make_row(
    db: Db, new: NewSession, question: Admit, snapshot: Snapshot, now: datetime
) -> Session:
    if is_session_id(question.server) and store.get(db, question.server) is not None:
        raise Refused("state", "This session has ended. Start it again from the Sessions page.")
    limit = snapshot.running_limit
    try:
        session = store.insert(db, new, at=now, actor=new.owner, limit=limit)
    except store.LimitReached as reached:
        raise Refused("limit", str(reached)) from None
    except store.ServerInUse as taken:
        # A live record that cannot be read is not matched, and keeps its server.
        raise Refused("state", str(taken)) from None
    return _move_on(db, session, question, now)


def _move_on(db: Db, session: Session, question: Admit, now: datetime) -> Session:
    changes: dict[str, Any] = {
        "token_sha256": question.token_sha256,
        "generation": session.generation + 1,
        "started_at": session.started_at or now,
    }
    return move(db, session.id, Event.ADMITTED, at=now, actor=Part.HUB, changes=changes)


def _use_drives(
    db: Db, question: Admit, request: LaunchRequest, now: datetime
) -> Mapping[str, Drive]:
    """Return the drives that a request names, by its words for them, and note their use."""
    owner = question.owner
    named = drives_named(request)
    found = drives.resolve_or_default(db, owner.key, owner.name, named, at=now)
    for name in sorted(named - set(found)):
        raise Refused("drive", f"There is no drive called ‘{name}’. Make it first.")
    for drive_id in {found[name].id for name in named}:
        drives.note_use(db, drive_id, at=now)
    return {name: found[name] for name in named}


class Places:
    """Answers `places` of the link: keeps where drives lie that had no place yet."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, body: Body) -> Body:
        """Answer where each lies, as it is kept."""
        try:
            placed = {drive: PlacedDrive(**one) for drive, one in dict(body["drives"]).items()}
        except (ValidationError, TypeError, KeyError) as error:
            raise Refused("version", f"The hub's question cannot be read: {error}") from None
        return {"places": await self._service.db.write(drives.note_places, placed)}
