"""Adoption: a run that goes on without a live record gets one, made from what the hub holds."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from sessions_spawner.request import LaunchRequest, lift_stored
from sessions_spawner.request.environments import Environment
from sessions_spawner.wire.messages import GoingRun, PlacedDrive
from sessions_spawner.wire.snapshot import Snapshot

from ..db.engine import Db
from ..drives import store as drives
from ..drives.rows import DRIVES
from ..lifecycle.actors import Part
from ..lifecycle.move import edit, move
from ..lifecycle.table import Event, State
from ..sessions import store
from ..sessions.checks import email_of
from ..sessions.drafting import draft, with_drives
from ..sessions.models import Session

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

_BEFORE_ADMISSION = (State.CREATED, State.STARTING)


async def adopt_run(service: Service, session_id: str, generation: int) -> Session | None:
    """Make the record of a run that goes on; None if it has one, or is over meanwhile."""
    going = await service.link.going_run(session_id, generation)
    if going is None:
        return None
    environments = await service.link.environments(going.owner.name)
    named = going.request.get("environment")
    environment = next((one for one in environments if one.name == named), None)
    snapshot = service.link.snapshot
    session = await service.db.write(adopt, going, environment, snapshot, service.now())
    if session is not None:
        log.warning("session.adopted session=%s server=%s", session.id, session.server)
        service.session_tokens.add(going.token_sha256, session.id)
    return session


def adopt(
    db: Db, going: GoingRun, environment: Environment | None, snapshot: Snapshot, now: datetime
) -> Session | None:
    """Make or complete the row of a run that goes on, in one transaction.

    A row is missing, or stands before admission, when the database is an older one than the
    world's. No limit of sessions counts here: it runs. Its life counts anew.
    """
    found = store.look_up(db, going.id)
    if found is not None and not _is_behind(found, going):
        return None
    if found is None:
        found = _make_row(db, going, environment, snapshot, now)
    changes: dict[str, Any] = {
        "token_sha256": going.token_sha256,
        "generation": going.generation,
        "started_at": found.started_at or now,
    }
    move(db, found.id, Event.ADMITTED, at=now, actor=Part.HUB, changes=changes)
    return edit(db, found.id, at=now, actor=Part.RECONCILER, changes={}, event="recovered")


def _is_behind(found: Session, going: GoingRun) -> bool:
    is_readable = found.damage is None
    return is_readable and found.state in _BEFORE_ADMISSION and found.generation < going.generation


def _make_row(
    db: Db, going: GoingRun, environment: Environment | None, snapshot: Snapshot, now: datetime
) -> Session:
    request = lift_stored(going.request)
    new = draft(
        request,
        going.owner,
        environment,
        lifetime_max=snapshot.lifetime_max,
        id=going.id,
        email=email_of(going.owner.name, snapshot.email_suffix),
        server=going.server,
        name=going.name,
        request=going.request,
        request_digest=going.request_digest,
        origin="new" if going.server == going.id else "hub",
    )
    home_name = _keep_drive(db, going, request, now)
    placed = with_drives(new, request, going.drives, home_name)
    return store.insert(db, placed, at=now, actor=new.owner, limit=None)


def _keep_drive(db: Db, going: GoingRun, request: LaunchRequest, now: datetime) -> str:
    """Return the home drive's name; make its record if it is missing too and the name is free."""
    owner, name, drive_id = going.owner, request.drive, going.drives[request.drive]
    found = drives.resolve(db, owner.key, {name, drive_id})
    if not found:
        row = {"id": drive_id, "owner_key": owner.key, "owner": owner.name, "name": name}
        db.execute(insert(DRIVES), {**row, "created_at": now, "last_used_at": now})
    placed = {drive: PlacedDrive(place=place) for drive, place in going.places.items()}
    drives.note_places(db, placed)
    return found[drive_id].name if drive_id in found else name
